"""What can be counted of public money: by place, at its own level, for the fiscal year of the day. In fen."""

from django.db.models import BigIntegerField, F, Max, Q, Sum, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from communities.codes import FundSource
from communities.measures import at_open_places, counted
from linkage.foundation.measures import PIECES, YUAN, Measure, register
from organizations.charity.codes import FundPurpose
from organizations.charity.models import CappedSpending, FundBudget

# GS-6.7: 社会工作服务经费 in the budget of the place
BUDGET_SOURCES = (FundSource.BUDGET, FundSource.PURCHASE)
SOCIAL_WORK_PURPOSES = (FundPurpose.SOCIAL_WORK, FundPurpose.POSTS)


def fen(amount):
    """A sum of yuan as whole fen."""
    return Cast(Sum(amount) * Value(100), BigIntegerField())


def _budgets(on):
    """Those adopted by that day; of a budget without its day the year says enough."""
    adopted = Q(adopted_on__isnull=True) | Q(adopted_on__lte=on)
    return at_open_places(FundBudget.objects.filter(adopted), on)


def _lottery(on):
    return _budgets(on).lottery(on.year)


def _lottery_before(on):
    return _budgets(on).lottery(on.year - 1)


def _social_work_lines(on):
    lines = _budgets(on).of_year(on.year).filter(amount__gt=0)
    return lines.filter(source__in=BUDGET_SOURCES, purpose__in=SOCIAL_WORK_PURPOSES)


def _capped(on):
    return at_open_places(CappedSpending.objects.filter(year=on.year), on)


MEASURES = [
    register(
        Measure(
            "lottery_fund",
            _("lottery fund planned this year"),
            unit="place",
            basis="CQ-T11, GS-T20, HB-T09",
            **counted(_lottery, value=fen("amount")),
            yearly=True,
            counted_in=YUAN,
            definition=_(
                "Money of the place's own lottery fund planned for the linkage in the fiscal year, by the "
                "register of budgets."
            ),
        )
    ),
    register(
        Measure(
            "lottery_fund_before",
            _("lottery fund planned the year before"),
            unit="place",
            basis="GS-T20, HB-T09",
            **counted(_lottery_before, value=fen("amount")),
            yearly=True,
            counted_in=YUAN,
            definition=_("Money of the place's own lottery fund planned in the fiscal year before."),
        )
    ),
    register(
        Measure(
            "sw_budget_line",
            _("places with social work in their budget"),
            unit="place",
            basis="GS-T19",
            **counted(_social_work_lines, value=Max(Value(1))),
            yearly=True,
            counted_in=PIECES,
            definition=_(
                "Places whose own budget of the fiscal year has money for social work or its posts, out of "
                "the general budget or of money for purchased services."
            ),
        )
    ),
    register(
        Measure(
            "capped_purchased",
            _("services purchased out of assistance money"),
            unit="place",
            basis="HB-T06",
            **counted(_capped, value=fen(F("purchased"))),
            yearly=True,
            counted_in=YUAN,
            definition=_(
                "What the place's money for social assistance has paid for purchased services in the year."
            ),
        )
    ),
    register(
        Measure(
            "capped_total",
            _("assistance money of the year"),
            unit="place",
            basis="HB-T06",
            **counted(_capped, value=fen(F("total"))),
            yearly=True,
            counted_in=YUAN,
            definition=_("The place's money for social assistance in the year, of all sources with a cap."),
        )
    ),
]
