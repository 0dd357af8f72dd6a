"""What a target demands, in words, of no place in particular."""

from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Region
from linkage.attainment.codes import Rule
from linkage.attainment.documents.figures import exact_percent
from linkage.attainment.documents.wording import Line
from linkage.attainment.services import reading


def demanded(target):
    """≥90%, 每个 ≥5 个, 高于上年; where the clause gives a word alone, that word."""
    if target.term and target.threshold is None:
        return target.term
    if target.rule == Rule.TREND:
        return (_("above the year before %(before)s") % {"before": ""}).strip()
    region = target.document.region or Region()
    return Line(reading.judged(target, region, None, timezone.localdate(), [])).limit


def share(exact):
    """A share that somebody set: 100%, 90%, 1/3."""
    return exact_percent(Fraction(exact))
