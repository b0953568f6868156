"""Vendored libraries are exactly the files whose hashes are listed, and nothing else lies beside them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"


def listed() -> dict[str, dict[str, str]]:
    manifest = json.loads((STATIC / "vendor.json").read_text(encoding="utf-8"))
    return {
        each["file"]: {**each, "licence": package["licence"]}
        for package in manifest["packages"]
        for each in package["files"]
    }


def test_vendor_when_hashed_then_equal_to_the_manifest() -> None:
    for name, entry in listed().items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == entry["sha256"], name
        assert entry["licence"]


def test_vendor_when_listed_then_no_file_is_unknown() -> None:
    found = {
        str(path.relative_to(STATIC))
        for path in STATIC.rglob("*")
        if path.is_file() and "vendor" in path.parts
    }
    assert found - set(listed()) == set()
