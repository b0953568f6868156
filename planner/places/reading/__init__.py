"""Foreign files are read in a child process that holds nothing worth stealing; see `spawning`."""

from .bounds import Bounds
from .spawning import Reading, read_foreign

__all__ = ["Bounds", "Reading", "read_foreign"]
