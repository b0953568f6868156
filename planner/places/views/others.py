"""What rooms above do for the pages of this one; `create_app` hands it in, so nothing is imported upward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from planner.places.models import Neighborhood

KEY = "planner.places"


@dataclass(frozen=True, slots=True)
class Others:
    """What is done above.

    `furnish`: catalogue, rules, units and seats of a new neighborhood; `follow_map`: what a taken grid or
    community changes for seats and units; `marks_moved`: how many marks a grid would move.
    """

    furnish: Callable[..., None]
    follow_map: Callable[..., None]
    marks_moved: Callable[[Session, Neighborhood, Sequence[tuple[int, BaseGeometry]]], int]


def hand_in(app: Flask, **given: Any) -> None:
    """Called once, by `create_app`."""
    app.extensions[KEY] = Others(**given)


def others() -> Others:
    """What was handed in."""
    return cast(Others, current_app.extensions[KEY])
