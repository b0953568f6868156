"""Reads of marks. Map, list, counts, export and API all start from `filters.visible`."""

from .filters import Filters, visible
from .joined import (
    case_supporters,
    joined_marks,
    own_endorsements,
    stands_behind,
    supporters,
)
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
from .near import Near, NearMark, near_marks, reasons_near
from .photos import files_to_delete, mark_for_photo, open_photos, photo_of, photos_of
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
    "Near",
    "NearMark",
    "additions_of",
    "case_supporters",
    "cell_size",
    "cells",
    "consents_of",
    "count",
    "each_mark",
    "files_to_delete",
    "joined_marks",
    "kind_counts",
    "mark_by_code",
    "mark_by_receipt",
    "mark_by_uuid",
    "mark_for_photo",
    "marks",
    "moderation_history",
    "near_marks",
    "open_photos",
    "own_endorsements",
    "own_marks",
    "photo_of",
    "photos_of",
    "reasons_near",
    "row_of",
    "stale_marks",
    "stands_behind",
    "supporters",
    "visible",
]
