"""What can happen to the tree: loading it from a file, and changing it by decision."""

from .changes import Part, apply_due, merge, move, open_region, rename, split
from .loading import Loaded, load

__all__ = ["Loaded", "Part", "apply_due", "load", "merge", "move", "open_region", "rename", "split"]
