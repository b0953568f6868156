"""Chinese first: msgids are Chinese, English comes from each room's `locale/en.po`.

`Accept-Language: zh-CN,zh,en` must give Chinese (best_match gave English), and anything unknown does too.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request

from planner.core.clock import LOCAL_ZONE
from planner.core.settings import PACKAGE_DIR

LANGUAGES = ("zh", "en")
COOKIE = "lang"
DATE_PATTERNS = {
    "day": "M月d日",
    "date": "y年M月d日",
    "minute": "M月d日 HH:mm",
    "full": "y年M月d日 HH:mm",
}
"""Patterns of CLDR, translated like every other text."""


@cache
def _english() -> NullTranslations:
    merged = Translations()
    for path in sorted(PACKAGE_DIR.glob("*/locale/en.po")):
        merged.merge(_read(path))
    return merged


def _read(path: Path) -> Translations:
    with path.open("rb") as source:
        catalog = read_po(source, locale="en")
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def choose(cookie: str | None, query: str | None, accepted: Iterable[str]) -> str:
    """Language of a reader: own choice, else the first wish we have, else Chinese."""
    for wish in (query, cookie):
        if wish in LANGUAGES:
            return wish
    for wish in accepted:
        short = wish.lower().split("-")[0]
        if short in LANGUAGES:
            return short
    return "zh"


def locale() -> str:
    """Language of this request (Chinese outside one)."""
    if not has_request_context():
        return "zh"
    if "locale" not in g:
        wishes = [value for value, _ in request.accept_languages]
        g.locale = choose(request.cookies.get(COOKIE), request.args.get("lang"), wishes)
    return str(g.locale)


def gettext(msgid: str, language: str | None = None, **values: Any) -> str:
    """Text in the reader's language; `values` fill `%(name)s`. Plain text: escaping is the template's."""
    chosen = language or locale()
    text = _english().gettext(msgid) if chosen == "en" and msgid else msgid
    return text % values if values else text


def when(instant: datetime | date | None, form: str = "day") -> str:
    """A time for people, in Asia/Shanghai: `day` 10月21日, `date` 2026年10月21日, `minute` 10月21日 18:30."""
    if instant is None:
        return ""
    pattern = gettext(DATE_PATTERNS[form])
    if not isinstance(instant, datetime):
        return format_date(instant, pattern, locale=locale())
    return format_datetime(instant, pattern, tzinfo=LOCAL_ZONE, locale=locale())


def init(app: Flask) -> None:
    """Give templates `_`, `locale` and the filter `when`."""
    app.jinja_env.globals["_"] = gettext
    app.jinja_env.filters["when"] = when

    @app.context_processor
    def language() -> dict[str, Any]:
        return {"locale": locale(), "lang_tag": "zh-Hans" if locale() == "zh" else "en"}
