"""From a read file to a draft: which datum, what each feature becomes, what is doubtful. No database."""

from .boundary import boundary_from
from .datums import agreed_datum
from .draft import draft_from
from .parts import Draft, Finding, Ground, Item, PlaceName
from .preview import preview_of

__all__ = [
    "Draft",
    "Finding",
    "Ground",
    "Item",
    "PlaceName",
    "agreed_datum",
    "boundary_from",
    "draft_from",
    "preview_of",
]
