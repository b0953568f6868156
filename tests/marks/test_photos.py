"""Photos of marks as verbs: taken once by their author only, hidden, covered, erased with their files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core import images
from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.core.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from planner.core.models import AuditEvent
from planner.marks import actions, jobs
from planner.marks.actions import PhotoInput
from planner.marks.models import LooseFile, Mark, Photo
from planner.marks.policies import may_see_photo
from planner.marks.queries import photos_of
from planner.marks.terms import MarkStatus, MarkVerb, PhotoStatus
from planner.places.models import Neighborhood
from tests.conftest import NOW
from tests.factories.marks import make_mark, visitor
from tests.factories.photos import make_photo, photo_bytes
from tests.factories.stage import Stage, make_stage


@pytest.fixture
def stage(session: Session) -> Stage:
    return make_stage(session)


@pytest.fixture
def mark(session: Session, stage: Stage) -> Mark:
    return make_mark(session, stage.here, published=False, secret="s" * 32)


def send(
    session: Session, mark: Mark, *, who=None, raw: bytes = b"", key: str = "", **over
) -> Photo:
    raw = raw or photo_bytes()
    given = PhotoInput(**({"uuid": uuid4(), "digest": actions.digest_of(raw)} | over))
    return actions.add_photo(
        session,
        actor=who or visitor(1),
        now=NOW,
        mark=mark,
        given=given,
        picture=images.clean_picture(raw),
        key=key or actions.announce_files(session, now=NOW),
    )


def files(place: Path) -> list[str]:
    return sorted(each.name for each in place.rglob("*.jpg"))


def test_photo_when_sent_by_the_author_then_kept_and_noted(session: Session, mark: Mark) -> None:
    made = send(session, mark, is_public=True)
    assert (made.position, made.width, made.height) == (1, 96, 64)
    assert made.status is PhotoStatus.SHOWN
    assert session.scalars(select(LooseFile)).all() == []
    noted = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert noted.verb == "mark.add_photo"
    assert noted.facts["photo"] == str(made.uuid)


def test_photo_when_sent_again_then_the_same(session: Session, mark: Mark) -> None:
    uuid = uuid4()
    first = send(session, mark, uuid=uuid)
    key = actions.announce_files(session, now=NOW)
    again = send(session, mark, uuid=uuid, key=key)
    assert again.id == first.id
    assert again.key != key
    assert [loose.key for loose in session.scalars(select(LooseFile))] == [key]


def test_photo_when_another_file_under_the_same_id_then_conflict(
    session: Session, stage: Stage, mark: Mark
) -> None:
    uuid = uuid4()
    send(session, mark, uuid=uuid)
    with pytest.raises(Conflict, match="photo_differs"):
        send(session, mark, uuid=uuid, raw=photo_bytes(size=(50, 50)))
    other = make_mark(session, stage.here)
    with pytest.raises(Conflict, match="photo_differs"):
        send(session, other, uuid=uuid)


def test_photo_when_sent_by_somebody_else_then_not_found(session: Session, mark: Mark) -> None:
    with pytest.raises(NotFound):
        send(session, mark, who=visitor(2))
    with pytest.raises(NotFound):
        send(session, mark, who=visitor(2), secret="t" * 32)
    assert send(session, mark, who=visitor(2), secret="s" * 32).mark_id == mark.id


def test_photo_when_staff_sends_it_to_a_residents_mark_then_not_found(
    session: Session, stage: Stage, mark: Mark
) -> None:
    with pytest.raises(NotFound):
        send(session, mark, who=stage.clerk)


def test_photos_when_as_many_as_allowed_then_no_more_until_one_is_erased(
    session: Session, mark: Mark
) -> None:
    made = [send(session, mark, raw=photo_bytes(size=(60, 40 + n))) for n in range(4)]
    with pytest.raises(Invalid) as caught:
        send(session, mark, raw=photo_bytes(size=(60, 90)))
    assert caught.value.fields == {"photo": "too_many_photos"}
    assert caught.value.facts["number"] == 4
    actions.erase_photo(session, actor=visitor(1), now=NOW, mark=mark, photo=made[0])
    assert send(session, mark, raw=photo_bytes(size=(60, 90))).position == 5


def test_photo_when_the_setting_is_none_then_refused(
    session: Session, stage: Stage, mark: Mark
) -> None:
    stage.here.settings = {**stage.here.settings, "photo_count": 0}
    with pytest.raises(Invalid):
        send(session, mark)


def test_photo_when_mark_is_published_then_back_to_review(session: Session, stage: Stage) -> None:
    mark = make_mark(session, stage.here)
    send(session, mark, is_public=True)
    assert mark.status is MarkStatus.RECEIVED
    assert mark.case.is_public is False


def test_photo_when_added_under_the_moderators_eyes_then_publishing_is_refused(
    session: Session, mark: Mark
) -> None:
    seen = mark.version
    send(session, mark)
    with pytest.raises(Conflict):
        actions.moderate(
            session, actor=SYSTEM, now=NOW, mark=mark, verb=MarkVerb.PUBLISH, version=seen
        )


def test_photo_when_mark_was_taken_back_then_refused(session: Session, mark: Mark) -> None:
    actions.withdraw(session, actor=visitor(1), now=NOW, mark=mark)
    with pytest.raises(Conflict, match="nothing_to_edit"):
        send(session, mark)


def test_photo_when_its_files_were_swept_away_meanwhile_then_asked_again(
    session: Session, mark: Mark
) -> None:
    with pytest.raises(Unavailable):
        send(session, mark, key="0" * 32)


SIGHT = {
    # (mark, agreed, photo): who sees it
    (MarkStatus.PUBLISHED, True, PhotoStatus.SHOWN): {"author", "office", "seat", "anybody"},
    (MarkStatus.PUBLISHED, False, PhotoStatus.SHOWN): {"author", "office", "seat"},
    (MarkStatus.PUBLISHED, True, PhotoStatus.HIDDEN): {"author", "office"},
    (MarkStatus.PUBLISHED, True, PhotoStatus.ERASED): set(),
    (MarkStatus.RECEIVED, True, PhotoStatus.SHOWN): {"author", "office", "seat"},
    (MarkStatus.HIDDEN, True, PhotoStatus.SHOWN): {"author", "office", "seat"},
    (MarkStatus.HELD, True, PhotoStatus.SHOWN): {"author", "office", "seat"},
    (MarkStatus.WITHDRAWN, True, PhotoStatus.SHOWN): {"author", "office"},
}


@pytest.mark.parametrize("case", SIGHT)
def test_photo_when_looked_for_then_seen_by_these_only(
    session: Session, stage: Stage, mark: Mark, case
) -> None:
    photo = send(session, mark, is_public=case[1])
    mark.status, photo.status = case[0], case[2]
    session.flush()
    assert mark.case.seat is not None
    viewers = {
        "author": visitor(1),
        "office": stage.clerk,
        "seat": stage.holders[mark.case.seat.code],
        "anybody": visitor(2),
    }
    by_rule = {name for name, who in viewers.items() if may_see_photo(who, mark, photo)}
    by_query = {
        name for name, who in viewers.items() if photos_of(session, who, [mark.id]).get(mark.id)
    }
    assert by_rule == by_query == SIGHT[case]


def test_photo_when_hidden_and_shown_again_then_only_by_moderators(
    session: Session, stage: Stage, mark: Mark
) -> None:
    photo = send(session, mark)
    with pytest.raises(NotAllowed):
        actions.set_photo_shown(
            session, actor=visitor(1), now=NOW, mark=mark, photo=photo, is_shown=False
        )
    for shown, status in ((False, PhotoStatus.HIDDEN), (True, PhotoStatus.SHOWN)):
        actions.set_photo_shown(
            session, actor=stage.clerk, now=NOW, mark=mark, photo=photo, is_shown=shown
        )
        assert photo.status is status


def test_cover_when_done_then_the_old_files_are_loose_at_once(
    session: Session, stage: Stage, mark: Mark
) -> None:
    raw = photo_bytes()
    photo = send(session, mark, raw=raw)
    old, large = photo.key, images.clean_picture(raw).large
    covered = images.covered_picture(large, [(0.0, 0.0, 0.5, 0.5)])
    given = {
        "actor": stage.clerk,
        "now": NOW,
        "mark": mark,
        "photo": photo,
        "picture": covered,
    }
    key = actions.announce_files(session, now=NOW)
    actions.cover_photo(session, key=key, seen_key=old, **given)
    assert photo.key == key
    assert photo.covered_at == NOW
    assert [(loose.key, loose.due_at) for loose in session.scalars(select(LooseFile))] == [
        (old, NOW)
    ]
    with pytest.raises(Conflict):
        actions.cover_photo(session, key=key, seen_key=old, **given)
    with pytest.raises(NotAllowed):
        actions.cover_photo(session, key=key, seen_key=key, **(given | {"actor": visitor(1)}))


def test_photo_when_erased_by_another_then_not_found(session: Session, mark: Mark) -> None:
    photo = send(session, mark)
    with pytest.raises(NotFound):
        actions.erase_photo(session, actor=visitor(2), now=NOW, mark=mark, photo=photo)


def stored_photo(database: Database, place: Path) -> tuple[int, int]:
    with database.write() as session:
        mark = make_mark(session, make_stage(session).here)
        photo = make_photo(session, mark, place)
        return mark.id, photo.id


def test_mark_when_erased_then_its_files_go_with_the_next_round_of_the_worker(
    database: Database, tmp_path: Path
) -> None:
    place = tmp_path / "photos"
    mark_id, photo_id = stored_photo(database, place)
    assert len(files(place)) == 2
    with database.write() as session:
        mark = session.get_one(Mark, mark_id)
        actions.erase_mark(session, actor=visitor(1), now=NOW, mark=mark)
    with database.read() as session:
        photo = session.get_one(Photo, photo_id)
        assert (photo.status, photo.key, photo.digest) == (PhotoStatus.ERASED, None, None)
    assert jobs.delete_files(database, str(place), now=NOW) == 1
    assert files(place) == []
    assert jobs.delete_files(database, str(place), now=NOW) == 0


def test_mark_when_erasing_is_rolled_back_then_the_files_stay(
    database: Database, tmp_path: Path
) -> None:
    place = tmp_path / "photos"
    mark_id, _ = stored_photo(database, place)
    with database.writing() as session:
        mark = session.get_one(Mark, mark_id)
        actions.erase_mark(session, actor=visitor(1), now=NOW, mark=mark)
        session.rollback()
    assert jobs.delete_files(database, str(place), now=NOW + timedelta(days=1)) == 0
    assert len(files(place)) == 2


def test_files_when_their_request_died_then_gone_after_an_hour(
    database: Database, tmp_path: Path
) -> None:
    with database.write() as session:
        key = actions.announce_files(session, now=NOW)
    (tmp_path / key[:2]).mkdir()
    (tmp_path / key[:2] / f"{key}-large.jpg").write_bytes(b"half")
    assert jobs.delete_files(database, str(tmp_path), now=NOW + timedelta(minutes=59)) == 0
    assert jobs.delete_files(database, str(tmp_path), now=NOW + timedelta(minutes=61)) == 1
    assert files(tmp_path) == []


def test_files_when_the_store_is_away_then_tried_again(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        key = actions.announce_files(session, now=NOW)
    (tmp_path / key[:2]).mkdir()
    (tmp_path / key[:2] / f"{key}-small.jpg").mkdir()
    later = NOW + timedelta(hours=2)
    with pytest.raises(Unavailable):
        jobs.delete_files(database, str(tmp_path), now=later)
    (tmp_path / key[:2] / f"{key}-small.jpg").rmdir()
    assert jobs.delete_files(database, str(tmp_path), now=later) == 1


def test_neighborhood_when_it_publishes_without_review_then_a_photo_shows_at_once(
    session: Session, stage: Stage
) -> None:
    here = session.get_one(Neighborhood, stage.here.id)
    here.settings = {**here.settings, "review_before_publication": False}
    mark = make_mark(session, here, published=False)
    send(session, mark, is_public=True)
    assert mark.status is MarkStatus.PUBLISHED
