"""Areas of a photo to cover, in whole percent of its width and height."""

from __future__ import annotations

from collections.abc import Mapping

from planner.core.errors import Invalid
from planner.core.images import Box

MOST_BOXES = 6
SIDES = ("left", "top", "width", "height")


def boxes_from(form: Mapping[str, str]) -> list[Box]:
    """`left-1` … `height-6`, those of a box all filled or all empty; at least one box."""
    boxes = []
    for number in range(1, MOST_BOXES + 1):
        given = [form.get(f"{side}-{number}", "").strip() for side in SIDES]
        if any(given):
            boxes.append(_box(given))
    if not boxes:
        raise Invalid(fields={"photo": "photo_area"})
    return boxes


def _box(given: list[str]) -> Box:
    if not all(each.isascii() and each.isdigit() and len(each) < 4 for each in given):
        raise Invalid(fields={"photo": "photo_area"})
    left, top, width, height = (int(each) / 100 for each in given)
    return left, top, min(left + width, 1.0), min(top + height, 1.0)
