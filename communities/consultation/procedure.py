"""What the law asks of an assembly (DOMAIN §5.11), how long a notice hangs, what a telephone is."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Quorum:
    """From ``since`` on: the share of the members who must come, and of those present who must agree."""

    body: str
    since: date
    present: Fraction
    agree: Fraction  # more than this share


QUORUMS = [
    Quorum("villagers", date.min, Fraction(2, 3), Fraction(1, 2)),
    Quorum("residents", date.min, Fraction(2, 3), Fraction(1, 2)),
]


def quorum(body, on):
    """The rule in force for a body on a day."""
    return max((rule for rule in QUORUMS if rule.body == body and rule.since <= on), key=lambda r: r.since)


NOTICE_DAYS = range(1, 61)
NOTICE_AHEAD = 30  # how far in the future a notice may begin
NOTICE_BACK = 90  # how long a poster may have hung before it is entered

MOBILE = 11
LANDLINE = re.compile(r"(0[0-9]{2,3})?[2-9][0-9]{6,7}(转[0-9]{1,6})?")


def telephone(text):
    """A resident's number without blanks and dashes, or a ValidationError that says what is wrong."""
    text = re.sub(r"[\s()\-‐-―]", "", unicodedata.normalize("NFKC", text)).removeprefix("+86")
    if re.fullmatch(r"1[0-9]{8,}", text) and len(text) != MOBILE:
        raise ValidationError(
            _("A mobile number has 11 digits, this one has %(count)s.") % {"count": len(text)}
        )
    if not re.fullmatch(r"1[0-9]{10}", text) and not LANDLINE.fullmatch(text):
        raise ValidationError(_("Give a mobile number, or a telephone with its area code."))
    return text
