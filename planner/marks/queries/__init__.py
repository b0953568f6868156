"""Reads of marks. Map, list, counts, export and API all start from `filters.visible`."""

from .filters import Filters, visible
from .lists import (
    COUNT_UP_TO,
    PAGE,
    Cell,
    MarkPage,
    cell_size,
    cells,
    count,
    each_mark,
    kind_counts,
    marks,
    row_of,
)
from .single import (
    additions_of,
    consents_of,
    mark_by_code,
    mark_by_receipt,
    mark_by_uuid,
    moderation_history,
    own_marks,
)
from .stale import stale_marks

__all__ = [
    "COUNT_UP_TO",
    "PAGE",
    "Cell",
    "Filters",
    "MarkPage",
    "additions_of",
    "cell_size",
    "cells",
    "consents_of",
    "count",
    "each_mark",
    "kind_counts",
    "mark_by_code",
    "mark_by_receipt",
    "mark_by_uuid",
    "marks",
    "moderation_history",
    "own_marks",
    "row_of",
    "stale_marks",
    "visible",
]
