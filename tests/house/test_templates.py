"""Templates and scripts: they parse, carry no inline script or style, and never trust text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(ROOT.glob("planner/*/templates/**/*.html"))
SCRIPTS = [p for p in sorted(ROOT.glob("static/**/*.js")) if "vendor" not in p.parts]
STYLES = [p for p in sorted(ROOT.glob("static/**/*.css")) if "vendor" not in p.parts]

MARKUP_ALLOWED = {
    "planner/marks/views/receipts.py": "a QR code drawn by segno from our own address",
    "planner/marks/views/pages.py": "a QR code drawn by segno from our own address",
}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_templates_when_compiled_then_all_parse(app: Flask) -> None:
    assert len(TEMPLATES) > 15
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("inline style", r"\sstyle\s*="),
        ("inline handler", r"\son[a-z]+\s*=\s*[\"']"),
        ("inline script", r"<script(?![^>]*\b(?:src|type=\"application/json\"))[^>]*>"),
        ("style element", r"<style\b"),
        ("unescaped text", r"\|\s*safe\b|\{%\s*autoescape"),
        ("foreign address", r"(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
        ("javascript address", r"javascript:"),
    ],
)
def test_templates_when_read_then_none_carries(what: str, pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in TEMPLATES
        for match in re.finditer(pattern, text_of(path))
    ]
    assert found == [], what


def test_forms_when_they_post_then_each_has_its_token() -> None:
    bare = []
    for path in TEMPLATES:
        for form in re.findall(
            r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", text_of(path), re.DOTALL
        ):
            if "csrf" not in form:
                bare.append(f"{path.relative_to(ROOT)}: {form[:90]}")
    assert bare == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"\.(?:inner|outer)HTML\b",
        r"insertAdjacentHTML",
        r"document\.write",
        r"\beval\(|new Function",
        r"bind(?:Popup|Tooltip)\(",
        r"https?://(?!www\.w3\.org/)",
    ],
)
def test_scripts_when_read_then_none_uses(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in SCRIPTS
        for match in re.finditer(pattern, text_of(path))
    ]
    assert found == []


def test_styles_when_read_then_nothing_is_loaded_from_elsewhere() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in STYLES
        if re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", text_of(path))
    ]
    assert found == []


def test_python_when_read_then_markup_only_where_allowed() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.glob("planner/**/*.py")
        if re.search(r"\bMarkup\(", text_of(path))
    }
    assert found <= set(MARKUP_ALLOWED)
