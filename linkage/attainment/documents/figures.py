"""Figures as text. A share is cut, never rounded up, so that it does not look met when it is not."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from math import ceil, floor

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from linkage.attainment.codes import WAITS_FOR, Rule
from linkage.foundation import measures

NOTHING = "—"
FEN_OF_WAN = 1_000_000  # fen in 10,000 yuan
WAITING_MONEY = ("purchase_amount",)  # in fen as well, though nothing counts it yet


def percent(share, *, places=1, up=False):
    """A share in percent, cut to so many places (a cap: raised); whole numbers without any."""
    if share is None:
        return NOTHING
    scaled = Fraction(share) * 100 * 10**places
    number = Decimal(ceil(scaled) if up else floor(scaled)).scaleb(-places)
    text = f"{number:,.{places}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def exact_percent(share):
    """A threshold: in percent where that is exact, as a fraction where it is not."""
    if (share * 1000).denominator == 1:
        return percent(share)
    return f"{share.numerator}/{share.denominator}"


def decimals(value, places=2):
    """Cut to so many places, without zeros at the end."""
    if value is None:
        return NOTHING
    text = f"{Decimal(floor(Fraction(value) * 10**places)).scaleb(-places):,.{places}f}"
    return text.rstrip("0").rstrip(".")


def is_money(key):
    measure = measures.get(key)
    return key in WAITING_MONEY if measure is None else measure.counted_in is measures.YUAN


def amount(key, number, *, up=False):
    """A plain figure of a measure with what it is counted in: 21,340 人, 3.20 万元."""
    if number is None:
        return NOTHING
    if is_money(key):
        wan = (Decimal(int(number)) / FEN_OF_WAN).quantize(
            Decimal("0.01"), ROUND_CEILING if up else ROUND_FLOOR
        )
        return _("%(wan)s (10,000 yuan)") % {"wan": f"{wan:,}"}
    counted = ceil(number) if up else floor(number)
    measure = measures.get(key)
    return f"{counted:,} {measure.counted_in}" if measure and measure.counted_in else f"{counted:,}"


def apart(value, limit, places=1):
    """Two shares with as many places as it takes to tell them apart, at most 6."""
    while places < 6 and value != limit and percent(value, places=places) == percent(limit, places=places):
        places += 1
    return percent(value, places=places), percent(limit, places=places)


def name_of(key):
    """The measure's name, connected or not; nothing for no key."""
    if not key:
        return ""
    measure = measures.get(key)
    return str(measure.name if measure else WAITS_FOR[key][0])


def done_or_not(target, figure):
    """A unit is covered or not; of a milestone, it is done or not."""
    if target.rule == Rule.MILESTONE:
        return _("done") if figure else _("not done")
    return _("covered") if figure else _("not covered")


def unit_figure(target, unit):
    """What one unit has: its figure, the share it makes, or this year beside the year before."""
    if unit.figure is None:
        return _("not reported")
    if target.rule in (Rule.COVER, Rule.MILESTONE) and not target.per:
        return done_or_not(target, unit.figure)
    if target.rule == Rule.TREND:
        return _("this year %(now)s; the year before %(before)s") % {
            "now": _share(target, unit.figure, unit.base),
            "before": _share(target, unit.before or 0, unit.base_before),
        }
    told = _share(target, unit.figure, unit.base)
    if target.rule == Rule.RANGE and target.soft and unit.figure > Fraction(target.between_high):
        most = amount(target.metric, Fraction(target.between_high))
        return _("%(figure)s (above %(most)s, told only)") % {"figure": told, "most": most}
    return told


def _share(target, figure, base):
    """A figure, with what it is divided by where there is something."""
    if not target.per:
        return amount(target.metric, figure)
    if base is None:
        return _("%(figure)s ÷ not reported") % {"figure": amount(target.metric, figure)}
    pair = f"{amount(target.metric, figure)} ÷ {amount(target.per, base)}"
    if not base:
        return pair
    if target.rule == Rule.PER10K:
        return f"{decimals(Fraction(figure * 10_000, base))} ({pair})"
    return f"{percent(Fraction(figure, base), up=target.is_cap)} ({pair})"


def unit_lack(target, unit):
    """What one unit lacks; of a range, or where each has to stay within a number, what is too much."""
    lack = unit.lack
    if target.rule in (Rule.COVER, Rule.MILESTONE) and not target.per:
        return _("still missing")
    if target.rule == Rule.RANGE and not lack and not target.soft:
        return too_much(target, (unit.figure or 0) - floor(Fraction(target.between_high)))
    if target.is_cap:
        return too_much(target, lack)
    return amount(target.metric, lack, up=True) if lack > 0 else NOTHING


def too_much(target, excess):
    """By how much a cap is exceeded."""
    return _("%(n)s too much") % {"n": amount(target.metric, excess, up=True)} if excess > 0 else NOTHING


# What belongs beside a figure though it is not judged (DOMAIN §2.3): of the posts, those that are held
# (CQ-T06); beside the communities the facilities themselves, of which one may have two (CQ-T09).
BESIDE = {
    "sw_posts": ("sw_posts_filled", "sw_posts", lazy("%(part)s of %(all)s posts are held (%(share)s)")),
    "studio_in_facility": (
        "with_studio",
        "comprehensive_facilities",
        lazy("by facility: %(part)s of %(all)s (%(share)s)"),
    ),
}
BESIDE_KEYS = tuple(key for part, whole, _words in BESIDE.values() for key in (part, whole))


def of_which(target, totals):
    part, whole, words = BESIDE.get(target.metric, ("", "", ""))
    some, every = totals.get(part), totals.get(whole)
    if not every or some is None:
        return ""
    return words % {"part": f"{some:,}", "all": f"{every:,}", "share": percent(Fraction(some, every))}


def benchmark_value(benchmark):
    """The figure a document reports, as its rule would show it."""
    value = benchmark.exact
    if benchmark.rule in (Rule.RATIO, Rule.COVER):
        return percent(value)
    if benchmark.rule in (Rule.AVG, Rule.PER10K):
        return decimals(value)
    return amount(benchmark.metric, value)
