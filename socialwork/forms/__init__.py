"""Forms of the registers of social workers."""

from .role import OnceForm
from .spans import ApartFormSet, HomeFormSet, SpanForm

__all__ = ["ApartFormSet", "HomeFormSet", "OnceForm", "SpanForm"]
