"""What residents and scripts send, as one input value; nothing is guessed."""

from .covering import MOST_BOXES, boxes_from
from .filtering import FilterForm, filters_from, whole_number
from .marking import key_from, mark_from_form, mark_from_json
from .nearby import NearForm, near_from

__all__ = [
    "MOST_BOXES",
    "FilterForm",
    "NearForm",
    "boxes_from",
    "filters_from",
    "key_from",
    "mark_from_form",
    "mark_from_json",
    "near_from",
    "whole_number",
]
