"""Files and functions stay small enough to read; an exception names its reason."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE_LINES, FUNCTION_LINES, SCRIPT_LINES, ROUTE_LINES = 400, 60, 200, 60
EXCEPTIONS: dict[str, str] = {}
"""path -> reason."""


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split() if (ROOT / name).is_file()]


def length(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def test_python_files_when_measured_then_none_is_over_400_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {length(path)}"
        for path in tracked("*.py")
        if length(path) > FILE_LINES and "migrations/versions" not in str(path)
        if str(path.relative_to(ROOT)) not in EXCEPTIONS
    ]
    assert long == []


def test_functions_when_measured_then_none_is_over_60_lines() -> None:
    long = []
    for path in tracked("planner/*.py", "tests/*.py", "static/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines}")
    assert long == []


def test_scripts_when_measured_then_none_is_over_200_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {length(path)}"
        for path in tracked("static/*.js")
        if "vendor" not in path.parts and length(path) > SCRIPT_LINES
    ]
    assert long == []


def test_exceptions_when_listed_then_they_are_still_needed() -> None:
    assert [name for name in EXCEPTIONS if length(ROOT / name) <= FILE_LINES] == []
