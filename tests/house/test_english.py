"""Chinese first, English second: every text people read has its English, with the same values in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import nodes

PACKAGE = Path(__file__).parents[2] / "planner"
CHINESE = re.compile("[\u3400-\u9fff]")
VALUE = re.compile(r"%\((\w+)\)s|%%")


def english() -> dict[str, str]:
    """msgid -> msgstr of every room's file."""
    made: dict[str, str] = {}
    for path in sorted(PACKAGE.glob("*/locale/en.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale="en"):
                if message.id and message.string and not message.fuzzy:
                    made[str(message.id)] = str(message.string)
    return made


def in_templates(app: Flask) -> dict[str, str]:
    """msgid -> template, of every `_("…")`."""
    found: dict[str, str] = {}
    for name in app.jinja_env.list_templates(extensions=["html"]):
        source, *_ = app.jinja_env.loader.get_source(app.jinja_env, name)
        for call in app.jinja_env.parse(source).find_all(nodes.Call):
            is_text = isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args
            if is_text and isinstance(call.args[0], nodes.Const):
                found[str(call.args[0].value)] = name
    return found


def bare_words(app: Flask) -> list[str]:
    """Chinese that stands in a template outside `_()`."""
    found = []
    for name in app.jinja_env.list_templates(extensions=["html"]):
        source, *_ = app.jinja_env.loader.get_source(app.jinja_env, name)
        for data in app.jinja_env.parse(source).find_all(nodes.TemplateData):
            if CHINESE.search(data.data):
                found.append(f"{name}: {data.data.strip()[:60]}")
    return found


def in_python() -> dict[str, str]:
    """msgid -> file: values of MESSAGES and …LABELS tables, arguments of `_` and `gettext`."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        if any(name.startswith(skipped) for skipped in ("cli", "home/letters.py")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for text in _texts(node):
                found[text] = name
    return found


def _texts(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call) and _called(node) in ("_", "gettext", "flash", "message"):
        return [a.value for a in node.args if _is_chinese(a)]  # type: ignore[attr-defined]
    if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
        return [
            leaf.value
            for leaf in ast.walk(node.value)
            if _is_chinese(leaf)  # type: ignore[attr-defined]
        ]
    return []


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _is_chinese(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CHINESE.search(node.value) is not None
    )


def test_words_when_listed_then_each_has_its_english(app: Flask) -> None:
    known = english()
    wanted = {**in_templates(app), **in_python()}
    missing = sorted(
        f"{where}: {text}"
        for text, where in wanted.items()
        if CHINESE.search(text) and text not in known
    )
    assert missing == [], f"{len(missing)} texts without English"


def test_english_when_read_then_it_carries_the_same_values() -> None:
    wrong = [
        text
        for text, words in english().items()
        if set(VALUE.findall(text)) != set(VALUE.findall(words))
    ]
    assert wrong == []


def test_templates_when_read_then_no_chinese_stands_outside_gettext(app: Flask) -> None:
    assert bare_words(app) == []
