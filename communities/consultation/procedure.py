"""What the law asks of an assembly (DOMAIN §5.11) and how long a notice hangs."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


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
