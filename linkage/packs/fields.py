"""How one field of a pack is read: a reader returns the value, or says what is wrong with it."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.utils.translation import gettext as _

from linkage.attainment.codes import EVERY_MEASURE
from linkage.foundation.standards import is_doc_no, normal_doc_no

CLAUSE = re.compile(r"[一二三四五六七八九十]+(\([一二三四五六七八九十]+\)(\d+)?)?|尾段|附件\d*|")
FRACTION = re.compile(r"(\d+)/([1-9]\d*)")


class Wrong(Exception):
    """The reason why a value is refused."""


@dataclass(frozen=True)
class Field:
    """One field of a table: how it is read, whether it must be there, what it is when left out."""

    read: Callable
    required: bool = False
    default: object = None


def needed(read):
    return Field(read, required=True)


def optional(read, default=None):
    return Field(read, default=default)


def text(longest, *, empty=False):
    def read(value):
        if not isinstance(value, str):
            raise Wrong(_("must be a text in quotation marks"))
        value = value.strip()
        if not value and not empty:
            raise Wrong(_("must not be empty"))
        if len(value) > longest:
            raise Wrong(
                _("has %(length)d characters, at most %(most)d") % {"length": len(value), "most": longest}
            )
        if "\0" in value:
            raise Wrong(_("holds a NUL character"))
        return value

    return read


def key(longest=20):
    def read(value):
        if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", value) or len(value) > longest:
            raise Wrong(
                _("must be at most %(most)d small letters, digits and underscores") % {"most": longest}
            )
        return value

    return read


def code(value):
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9\-]{0,39}", value):
        raise Wrong(_("must be a code of letters, digits and hyphens"))
    return value


def region_code(value):
    if not isinstance(value, str) or not re.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|X[0-9A-Z]+", value):
        raise Wrong(_("must be the code of a region, in quotation marks"))
    return value


def one_of(words):
    def read(value):
        if not isinstance(value, str) or value not in words:
            raise Wrong(_("must be one of: %(words)s") % {"words": ", ".join(words)})
        return value

    return read


def list_of(read_one, *, least=0):
    def read(value):
        if not isinstance(value, list):
            raise Wrong(_("must be a list in square brackets"))
        if len(value) < least:
            raise Wrong(_("must not be empty"))
        read_all = [read_one(one) for one in value]
        if len(set(read_all)) < len(read_all):
            raise Wrong(_("names something twice"))
        return read_all

    return read


def whole(least, most):
    def read(value):
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(_("must be a whole number"))
        if not least <= value <= most:
            raise Wrong(_("must lie between %(least)d and %(most)d") % {"least": least, "most": most})
        return value

    return read


def flag(value):
    if not isinstance(value, bool):
        raise Wrong(_("must be true or false"))
    return value


def day(value):
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Wrong(_("must be a date such as 2016-06-15, without quotation marks"))
    return value


def doc_no(value):
    """A document number with any bracket style, as GB/T 9704 writes it."""
    normal = normal_doc_no(text(60)(value))
    if not is_doc_no(normal):
        raise Wrong(_("is no document number such as 渝民发〔2018〕42号"))
    return normal


def clause(value):
    """A clause number: 二(三)1; full-width brackets are read as half-width ones."""
    if not isinstance(value, str):
        raise Wrong(_("must be a text in quotation marks"))
    normal = value.strip().translate(str.maketrans("（）", "()"))
    if not CLAUSE.fullmatch(normal):
        raise Wrong(_("is no clause number such as 四, 四(三), 二(三)1, 尾段 or 附件"))
    return normal


def threshold(value):
    """An exact pair (numerator, denominator): 2, "1/3", "10/100"; never a decimal fraction."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value, 1
    found = FRACTION.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise Wrong(_('must be exact: a whole number, or a fraction such as "1/3" or "10/100"'))
    return int(found[1]), int(found[2])


def measure(value):
    """The key of a figure the platform has a column for."""
    if not isinstance(value, str) or value not in EVERY_MEASURE:
        raise Wrong(_("is no measure of the platform") + like(str(value), EVERY_MEASURE))
    return value


def share(value):
    """A part of the units, above none and at most all."""
    part = threshold(value)
    if not 0 < Fraction(*part) <= 1:
        raise Wrong(_("must be above 0 and at most 1"))
    return part


def between(value):
    if not isinstance(value, list) or len(value) != 2:
        raise Wrong(_("must be two thresholds in square brackets"))
    low, high = threshold(value[0]), threshold(value[1])
    if Fraction(*low) > Fraction(*high):
        raise Wrong(_("the lower bound is above the upper one"))
    return low, high


def like(word, words):
    """A hint for a misspelt name."""
    near = difflib.get_close_matches(word, words, 1)
    return _(" (did you mean %(word)s?)") % {"word": near[0]} if near else ""
