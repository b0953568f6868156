"""Where photos lie: a directory for real; a bucket only as far as its address is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.core import storage
from planner.core.errors import NotFound, Unavailable
from planner.core.settings import SettingsError


def test_directory_when_written_then_read_replaced_and_deleted(tmp_path: Path) -> None:
    place = storage.open_store(str(tmp_path / "new" / "photos"))
    storage.put(place, "ab/one.jpg", b"first")
    assert (tmp_path / "new" / "photos" / "ab" / "one.jpg").read_bytes() == b"first"
    storage.put(place, "ab/one.jpg", b"second")
    assert storage.get(place, "ab/one.jpg") == b"second"
    storage.delete(place, "ab/one.jpg")
    with pytest.raises(NotFound):
        storage.get(place, "ab/one.jpg")


def test_directory_when_deleted_twice_then_nothing_happens(tmp_path: Path) -> None:
    storage.delete(storage.open_store(str(tmp_path)), "ab/never.jpg")


def test_directory_when_a_name_leads_outside_then_nothing_is_written(tmp_path: Path) -> None:
    place = storage.open_store(str(tmp_path / "photos"))
    with pytest.raises((Unavailable, ValueError)):
        storage.put(place, "../outside.jpg", b"x")
    assert not (tmp_path / "outside.jpg").exists()


def test_directory_when_it_cannot_be_written_then_unavailable(tmp_path: Path) -> None:
    place = storage.open_store(str(tmp_path / "photos"))
    (tmp_path / "photos" / "ab").write_bytes(b"a file where a directory is needed")
    with pytest.raises(Unavailable):
        storage.put(place, "ab/one.jpg", b"x")


def test_directory_when_given_as_file_address_then_the_same(tmp_path: Path) -> None:
    place = storage.open_store(f"file://{tmp_path}/photos")
    storage.put(place, "ab/one.jpg", b"x")
    assert (tmp_path / "photos" / "ab" / "one.jpg").is_file()


def test_bucket_when_addressed_then_its_name_and_prefix_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "cn-east-1")
    place = storage.open_store("s3://photos-of-a-street/planner")
    assert "photos-of-a-street" in repr(place)
    assert "planner" in repr(place)


@pytest.mark.parametrize("address", ["http://example.org/x", "ftp://host/x", "gs://bucket"])
def test_address_when_of_another_kind_then_refused_in_words(address: str) -> None:
    with pytest.raises(SettingsError, match="PLANNER_STORAGE_URL"):
        storage.open_store(address)
