"""What can happen to the tree: loading it from a file, and changing it by decision."""

from .changes import Part, apply_due, merge, move, open_region, rename, split
from .handing import hand_on, hand_on_due
from .loading import Loaded, load

__all__ = [
    "Loaded",
    "Part",
    "apply_due",
    "hand_on",
    "hand_on_due",
    "load",
    "merge",
    "move",
    "open_region",
    "rename",
    "split",
]
