"""REST around a place: similar marks close by, ready reasons in the place's order, and 我也是."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, request

from planner.core.policies import anyone
from planner.marks import actions, forms, queries
from planner.marks.actions.creating import about
from planner.marks.models import Mark
from planner.marks.rules import ranked_chips
from planner.places.queries import extent_of, settings_of
from planner.routing.queries import chips as chips_in_force
from planner.web import context
from planner.web.guards import guarded

from . import keeping
from .api import bp, json_answer
from .joining import spend


@bp.get("/<slug>/marks/near")
@guarded(anyone)
def near(slug: str) -> Response:
    """Published marks of the same kind and topic close to a place, nearest first."""
    here, session = context.here(), context.db()
    asked = forms.near_from(request.args, extent_of(here))
    within = settings_of(here).near_m
    topic = about(session, here, asked.kind, asked.chip, asked.topic)
    found = queries.Near(within)
    if topic is not None:
        found = queries.near_marks(
            session,
            context.actor(),
            here,
            at=asked.at,
            kind=asked.kind,
            public_topic=topic,
            within_m=within,
        )
    return json_answer(
        {
            "within_m": found.within_m,
            "total": found.total,
            "marks": _near_json(found.marks),
        }
    )


def _near_json(marks: Sequence[queries.NearMark]) -> list[dict[str, Any]]:
    photos = queries.open_photos(context.db(), [mark.code for mark in marks])
    return [
        {
            "id": str(mark.uuid),
            "code": mark.code,
            "kind": mark.kind.value,
            "reason": mark.reason,
            "place": mark.place,
            "distance_m": mark.distance_m,
            "supporters": mark.supporters,
            "photo": keeping.addresses(photos[mark.code], mark.code)["small"]
            if mark.code in photos
            else None,
        }
        for mark in marks
    ]


@bp.get("/<slug>/chips")
@guarded(anyone)
def chips(slug: str) -> Response:
    """Codes of the ready reasons of a kind, those that people gave nearby first."""
    here, session = context.here(), context.db()
    asked = forms.near_from(request.args, extent_of(here))
    listed = chips_in_force(session, here.id, asked.kind)
    by_chip, by_topic = queries.reasons_near(session, here, at=asked.at, kind=asked.kind)
    ordered = ranked_chips(
        [(chip.code, chip.public_topic_code, chip.topic_code is None) for chip in listed],
        by_chip,
        by_topic,
    )
    return json_answer({"chips": ordered})


@bp.post("/<slug>/marks/<uuid:uuid>/endorsements")
@guarded(anyone)
def endorse(slug: str, uuid: UUID) -> Response:
    """Say 我也是: 201 the first time, 200 when it stood already."""
    spend()
    mark = _mark(uuid)
    is_new = actions.endorse(context.db(), actor=context.actor(), now=context.now(), mark=mark)
    return _counted(mark, 201 if is_new else 200)


@bp.delete("/<slug>/marks/<uuid:uuid>/endorsements")
@guarded(anyone)
def take_back(slug: str, uuid: UUID) -> Response:
    """Take one's 我也是 back; again changes nothing."""
    spend()
    mark = _mark(uuid)
    actions.take_back(context.db(), actor=context.actor(), now=context.now(), mark=mark)
    return _counted(mark, 200)


def _mark(uuid: UUID) -> Mark:
    return queries.mark_by_uuid(context.db(), context.actor(), context.here().id, uuid)


def _counted(mark: Mark, status: int) -> Response:
    body = {"code": mark.code, "supporters": queries.supporters(context.db(), mark)}
    context.commit()
    return json_answer(body, status)
