"""What residents and scripts send, as one input value; nothing is guessed."""

from .filtering import FilterForm, filters_from, whole_number
from .marking import key_from, mark_from_form, mark_from_json

__all__ = [
    "FilterForm",
    "filters_from",
    "key_from",
    "mark_from_form",
    "mark_from_json",
    "whole_number",
]
