"""One writer for each target of an import; each gives how many old rows had to stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from planner.core.actor import Actor
from planner.core.geo import to_element

from ..drafting import Draft, Item
from ..models import (
    BaseFeature,
    BaseLayer,
    Building,
    Community,
    Estate,
    NamedPlace,
    Neighborhood,
    RestrictedArea,
    Venue,
)
from ..rules.areas import checked_area
from ..terms import LAYER_LABELS, ImportTarget, LayerKind
from .drawing import GridDrawing, draw_grid
from .replacing import join_estates, renew


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a draft comes from: `code` names the file for good, `source` is printed on the map."""

    code: str
    source: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A draft on its way into the tables."""

    session: Session
    actor: Actor
    now: datetime
    here: Neighborhood
    draft: Draft
    origin: Origin


def _paint(task: Task) -> int:
    """One layer for each kind, named `<code>.<kind>`; the names found go to the list of places."""
    held = _layers(task)
    for layer in held.values():
        task.session.execute(delete(BaseFeature).where(BaseFeature.layer_id == layer.id))
    for number, kind in enumerate(LayerKind, start=1):
        items = [item for item in task.draft.items if item.kind.partition("-")[0] == kind]
        known = held.get(kind)
        if items:
            _fill(task, known or _new_layer(task, kind, 10 * number), items)
        elif known is not None:
            task.session.delete(known)
    names = [
        {"name": n.name, "kind": n.kind, "aliases": n.aliases, "geom": to_element(n.point)}
        for n in task.draft.names
    ]
    _replace_names(task, names)
    return 0


def _layers(task: Task) -> dict[LayerKind, BaseLayer]:
    codes = [f"{task.origin.code}.{kind.value}" for kind in LayerKind]
    found = task.session.scalars(
        select(BaseLayer).where(
            BaseLayer.neighborhood_id == task.here.id, BaseLayer.code.in_(codes)
        )
    )
    return {layer.kind: layer for layer in found}


def _new_layer(task: Task, kind: LayerKind, position: int) -> BaseLayer:
    layer = BaseLayer(
        neighborhood_id=task.here.id,
        code=f"{task.origin.code}.{kind.value}",
        name=f"{LAYER_LABELS[kind]}（{task.origin.code}）",
        kind=kind,
        position=position,
    )
    task.session.add(layer)
    return layer


def _fill(task: Task, layer: BaseLayer, items: Sequence[Item]) -> None:
    layer.source, layer.declared_datum = task.origin.source, task.draft.datum
    layer.imported_at = task.now
    task.session.flush()
    rows: list[dict[str, Any]] = [
        {
            "layer_id": layer.id,
            "paint": item.kind,
            "name": item.name,
            "size_m": item.size_m,
            "facts": {},
            "geom": to_element(item.geom),
        }
        for item in items
    ]
    task.session.execute(insert(BaseFeature), rows)


def _replace_names(task: Task, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace the names this file brought before; those added by hand or by other files stay."""
    here, code = task.here.id, task.origin.code
    task.session.execute(
        delete(NamedPlace).where(NamedPlace.neighborhood_id == here, NamedPlace.source == code)
    )
    held = task.session.execute(
        select(NamedPlace.name, NamedPlace.kind).where(NamedPlace.neighborhood_id == here)
    )
    known = {(name, kind) for name, kind in held}
    fresh = [row for row in rows if (row["name"], row["kind"]) not in known]
    if fresh:
        values = [{**row, "neighborhood_id": here, "source": code} for row in fresh]
        task.session.execute(insert(NamedPlace), values)


def _take_places(task: Task) -> int:
    rows: list[dict[str, Any]] = [
        {"name": i.name, "kind": i.kind, "geom": to_element(i.geom), **i.facts}
        for i in task.draft.items
    ]
    _replace_names(task, rows)
    return 0


def _take_masks(task: Task) -> int:
    task.session.execute(
        delete(RestrictedArea).where(
            RestrictedArea.neighborhood_id == task.here.id,
            RestrictedArea.source == task.origin.code,
        )
    )
    task.session.add_all(
        RestrictedArea(
            neighborhood_id=task.here.id,
            reason=item.name,
            source=task.origin.code,
            geom=_area(item.geom),
        )
        for item in task.draft.items
    )
    return 0


def _take_grid(task: Task) -> int:
    cells = [
        GridDrawing(
            number=item.number,
            geom=item.geom,
            code=item.code,
            name=item.name,
            community_code=item.facts["community"],
        )
        for item in task.draft.items
    ]
    draw_grid(
        task.session,
        actor=task.actor,
        now=task.now,
        neighborhood=task.here,
        cells=cells,
        reason=task.origin.reason,
    )
    return 0


def _take_buildings(task: Task) -> int:
    rows = {
        item.code: {
            "name": item.name,
            "use": item.kind,
            "households": item.facts["households"],
            "floor_area_cm2": item.facts["floor_area_cm2"],
            "geom": _area(item.geom),
        }
        for item in task.draft.items
    }
    kept = renew(task.session, Building, task.here, rows)
    join_estates(
        task.session, task.here, {item.code: item.facts["estate"] for item in task.draft.items}
    )
    return kept


def _take_estates(task: Task) -> int:
    rows = {
        item.code: {"name": item.name, "geom": _area(item.geom), **item.facts}
        for item in task.draft.items
    }
    kept = renew(task.session, Estate, task.here, rows)
    join_estates(task.session, task.here, {})
    return kept


def _take_communities(task: Task) -> int:
    rows = {i.code: {"name": i.name, "geom": _area(i.geom)} for i in task.draft.items}
    return renew(task.session, Community, task.here, rows)


def _take_venues(task: Task) -> int:
    rows = {
        item.code: {"name": item.name, "kind": item.kind, "geom": to_element(item.geom)}
        for item in task.draft.items
    }
    return renew(task.session, Venue, task.here, rows)


def _area(geom: BaseGeometry) -> Any:
    return to_element(checked_area(geom))


WRITERS: Mapping[ImportTarget, Callable[[Task], int]] = {
    ImportTarget.BASE: _paint,
    ImportTarget.GRID: _take_grid,
    ImportTarget.BUILDINGS: _take_buildings,
    ImportTarget.COMMUNITIES: _take_communities,
    ImportTarget.ESTATES: _take_estates,
    ImportTarget.VENUES: _take_venues,
    ImportTarget.PLACES: _take_places,
    ImportTarget.MASKS: _take_masks,
}
