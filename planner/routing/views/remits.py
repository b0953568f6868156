"""What a seat looks after: its remits, chosen from the catalogue and the places of the neighborhood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.accounts import actions
from planner.accounts import queries as accounts
from planner.accounts.models import Seat
from planner.accounts.policies import may_manage_seats
from planner.accounts.rules import RemitInput
from planner.accounts.terms import RemitArea, RemitTopic
from planner.core.errors import Invalid, NotFound, PlannerError
from planner.core.geo import to_geom
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _
from planner.web.i18n import locale

from .. import queries

bp = Blueprint("remits", __name__, template_folder="../templates")
Answer = str | Response | tuple[str, int]
MOST = 12
"""Lines of remits a seat may have."""

DRAWN = "geometry:"
"""An area drawn on the map is kept or dropped here; it is drawn elsewhere."""


def topic_word(kind: RemitTopic, code: str) -> str:
    """The name people read for a remit's or a rule's topic; the code itself when it is retired."""
    if "topic_words" not in g:
        g.topic_words = _topic_words()
    words: dict[tuple[str, str], str] = g.topic_words
    return words.get((str(kind), code), code)


def area_word(kind: RemitArea, code: str) -> str:
    """The name people read for a remit's or a rule's area."""
    if kind is RemitArea.WHOLE:
        return _("整个街区")
    if kind is RemitArea.GEOMETRY:
        return _("图上画的范围")
    if "area_words" not in g:
        found = queries.named_areas(context.db(), context.here())
        g.area_words = {(str(each), number): words for each, number, words in found}
    words: dict[tuple[str, str], str] = g.area_words
    return words.get((str(kind), code), code)


def _topic_words() -> dict[tuple[str, str], str]:
    session, here, english = context.db(), context.here(), locale() == "en"
    words: dict[tuple[str, str], str] = {}
    for plain in queries.public_topics(session, here.id):
        label = plain.label_en if english and plain.label_en else plain.label
        words[RemitTopic.PUBLIC_TOPIC.value, plain.code] = label
    for topic in queries.topics(session, here.id):
        words[RemitTopic.TOPIC.value, topic.code] = topic.name
        words[RemitTopic.GROUP.value, topic.group_code] = topic.group_name
    return words


@bp.get("/n/<slug>/designers/<code>/remits", endpoint="show")
@guarded(may_manage_seats)
def remits(slug: str, code: str) -> Answer:
    """The remits of one seat as lines of two choices."""
    seat = _seat(code)
    chosen = [
        (_value(row.topic_kind, row.topic_code), _value(row.area_kind, row.area_code, row.id))
        for row in seat.remits
    ]
    return _page(seat, chosen, "")


@bp.post("/n/<slug>/designers/<code>/remits", endpoint="save")
@guarded(may_manage_seats)
def save(slug: str, code: str) -> Answer:
    """Replace the seat's remits."""
    seat = _seat(code)
    chosen = list(zip(request.form.getlist("topic"), request.form.getlist("area"), strict=False))
    try:
        actions.set_remits(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            seat=seat,
            remits=[_remit(seat, *pair) for pair in chosen[:MOST] if any(pair)],
        )
    except PlannerError as error:
        context.db().rollback()
        words = "".join(errors.field_messages(error).values())
        return _page(_seat(code), chosen, words or errors.message(error.code)), error.status
    context.commit()
    flash(_("负责范围已保存，只影响以后的事项。"))
    return redirect(url_for("seats.show", slug=slug, code=code), 303)


def _seat(code: str) -> Seat:
    found = accounts.seat_by_code(context.db(), context.here().id, code)
    if found is None:
        raise NotFound()
    return found


def _value(kind: RemitTopic | RemitArea, code: str, row_id: int = 0) -> str:
    return f"{DRAWN}{row_id}" if kind is RemitArea.GEOMETRY else f"{kind.value}:{code}"


def _remit(seat: Seat, topic: str, area: str) -> RemitInput:
    """One line of the form; both choices must be among those the page offers."""
    topics, areas = _choices(seat)
    if topic not in dict(topics):
        raise Invalid(fields={"topic": "topic_unknown"})
    if area not in dict(areas):
        raise Invalid(fields={"area": "area_unknown"})
    topic_kind, _colon, topic_code = topic.partition(":")
    area_kind, _colon, area_code = area.partition(":")
    geom = None
    if RemitArea(area_kind) is RemitArea.GEOMETRY:
        row = next(row for row in seat.remits if str(row.id) == area_code)
        geom, area_code = to_geom(row.geom), ""
    return RemitInput(RemitTopic(topic_kind), topic_code, RemitArea(area_kind), area_code, geom)


def _choices(seat: Seat) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Topics and areas a remit may name: pairs (value, words)."""
    session, here = context.db(), context.here()
    topics = [(f"{RemitTopic.ANY.value}:", _("全部主题"))]
    for (kind, code), words in _topic_words().items():
        topics.append((f"{kind}:{code}", words if kind != "topic" else f"{words}（{code}）"))
    areas = [(f"{RemitArea.WHOLE.value}:", _("整个街区"))]
    for kind, code, words in queries.named_areas(session, here):
        areas.append((f"{kind.value}:{code}", words))
    for row in seat.remits:
        if row.area_kind is RemitArea.GEOMETRY:
            areas.append((f"{DRAWN}{row.id}", _("图上画的范围")))
    return topics, areas


def _page(seat: Seat, chosen: list[tuple[str, str]], wrong: str) -> str:
    topics, areas = _choices(seat)
    lines: list[Mapping[str, Any]] = [{"topic": topic, "area": area} for topic, area in chosen]
    blank = {"topic": "", "area": ""}
    return render_template(
        "routing/remits.html",
        seat=seat,
        lines=[*lines, blank, blank][: max(MOST, len(lines))],
        topics=topics,
        areas=areas,
        wrong=wrong,
        active="seats",
    )
