"""Copy the pinned browser libraries out of their npm packages and check them against `vendor.json`.

Usage: `python static/vendor.py` copies and refuses a file whose hash differs from the manifest,
`--accept` writes the new hashes down (after raising a version), `--check` only verifies.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

STATIC = Path(__file__).resolve().parent
MANIFEST = STATIC / "vendor.json"
Package = dict[str, Any]


def read_manifest() -> list[Package]:
    """Packages as listed; a file has `member` (path in the package), `file` (here), `sha256`."""
    packages: list[Package] = json.loads(MANIFEST.read_text("utf-8"))["packages"]
    return packages


def write_manifest(packages: list[Package]) -> None:
    """Store the manifest with stable formatting, so that a diff shows only what changed."""
    text = json.dumps({"packages": packages}, ensure_ascii=False, indent=2)
    MANIFEST.write_text(text + "\n", "utf-8")


def sha256(data: bytes) -> str:
    """Hex digest as the manifest stores it."""
    return hashlib.sha256(data).hexdigest()


def fetch(package: Package, folder: Path) -> dict[str, bytes]:
    """Contents of the listed members of one package, unpacked by `npm pack`."""
    spec = f"{package['name']}@{package['version']}"
    command = ["npm", "pack", "--json", "--pack-destination", str(folder), spec]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    archive = folder / json.loads(out)[0]["filename"]
    found: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for entry in package["files"]:
            member = tar.extractfile(f"package/{entry['member']}")
            if member is None:
                raise SystemExit(f"{spec}: {entry['member']} is not a file")
            found[entry["member"]] = member.read()
    return found


def install(accept: bool) -> int:
    """Copy every listed file into place; returns how many hashes were refused."""
    packages, refused = read_manifest(), 0
    with tempfile.TemporaryDirectory() as folder:
        for package in packages:
            contents = fetch(package, Path(folder))
            for entry in package["files"]:
                refused += not _place(entry, contents[entry["member"]], accept)
    if accept:
        write_manifest(packages)
    return refused


def _place(entry: dict[str, str], data: bytes, accept: bool) -> bool:
    digest = sha256(data)
    if not accept and digest != entry.get("sha256"):
        print(f"refused  {entry['file']}: hash differs from the manifest", file=sys.stderr)
        return False
    target = STATIC / entry["file"]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    entry["sha256"] = digest
    print(f"copied   {entry['file']}")
    return True


def problems() -> list[str]:
    """Differences between the manifest and what lies in the vendor folders, one sentence each."""
    found, listed = [], set()
    for package in read_manifest():
        for entry in package["files"]:
            path = STATIC / entry["file"]
            listed.add(path)
            if not path.is_file():
                found.append(f"{entry['file']} is missing")
            elif sha256(path.read_bytes()) != entry.get("sha256"):
                found.append(f"{entry['file']} differs from the manifest")
    for folder in STATIC.glob("*/vendor"):
        extra = {path for path in folder.rglob("*") if path.is_file()} - listed
        found += [f"{path.relative_to(STATIC)} is not in the manifest" for path in sorted(extra)]
    return found


def main() -> int:
    """Run the copy or, with `--check`, only the verification."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="verify hashes, copy nothing")
    parser.add_argument("--accept", action="store_true", help="store the hashes of what was copied")
    args = parser.parse_args()
    if not args.check and install(args.accept):
        return 1
    found = problems()
    print("\n".join(found) if found else "vendored files match the manifest")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
