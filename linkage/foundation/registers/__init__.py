"""The desk of a register: search, filters, parts, history, removal and restoring, merging, revealing.

A register's admin derives from ``Register`` and is shape only: lists of fields, filters, parts. What it
may show and who may write is said by the model (``region_path``, ``duties``, ``sealed``).
"""

from . import beside
from .desk import Register
from .filters import Place, Questions, Removed, region_model
from .listing import PAGE
from .pages import ReasonForm
from .pairs import NEIGHBOURS, pairs
from .papers import PaperLines, WithPapers, links
from .parts import Lines, Part, PartFormSet, Sheets

__all__ = [
    "NEIGHBOURS",
    "PAGE",
    "Lines",
    "PaperLines",
    "Part",
    "PartFormSet",
    "Place",
    "Questions",
    "ReasonForm",
    "Register",
    "Removed",
    "Sheets",
    "WithPapers",
    "beside",
    "links",
    "pairs",
    "region_model",
]
