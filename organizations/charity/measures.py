"""What can be counted of charity resources and of public money, by place at its own level. Money in fen.

Public money is that of the fiscal year of the day; gifts and uses of funds are those of its calendar year.
"""

from datetime import date

from django.db.models import BigIntegerField, F, Max, Q, Sum, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from communities.codes import FundSource
from communities.measures import at_open_places, counted, themselves
from linkage.foundation.measures import PIECES, YUAN, Measure, register
from organizations.charity.codes import DonationKind, FundPurpose
from organizations.charity.models import (
    CappedSpending,
    CharityEntity,
    Donation,
    FundBudget,
    FundUse,
    SpecialFund,
)

# GS-6.7: 社会工作服务经费 in the budget of the place
BUDGET_SOURCES = (FundSource.BUDGET, FundSource.PURCHASE)
SOCIAL_WORK_PURPOSES = (FundPurpose.SOCIAL_WORK, FundPurpose.POSTS)


def fen(amount):
    """A sum of yuan as whole fen."""
    return Cast(Sum(amount) * Value(100), BigIntegerField())


def its_fen(amount):
    """The yuan of one row as whole fen."""
    return Cast(F(amount) * Value(100), BigIntegerField())


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


def _this_year(on):
    return date(on.year, 1, 1), on


def _inputs(year):
    """Money of all sources and purposes: what the place puts into its communities and the linkage."""

    def planned(on):
        return _budgets(on).of_year(on.year + year).filter(amount__gt=0)

    return planned


# Charity: where the entity is at home


def _entities(on):
    return at_open_places(CharityEntity.objects.on(on), on)


def _funds(on):
    return at_open_places(SpecialFund.objects.on(on), on, "entity__region")


def _donations(on):
    """Gifts of money that were not reversed by that day: goods and services have no sure value."""
    gifts = Donation.objects.effective(on).filter(kind=DonationKind.MONEY)
    return at_open_places(gifts.filter(received_on__range=_this_year(on)), on, "entity__region")


def _uses(on):
    uses = FundUse.objects.filter(used_on__range=_this_year(on))
    return at_open_places(uses, on, "fund__entity__region")


MEASURES = [
    register(
        Measure(
            "donations_received",
            _("donations received this year"),
            unit="place",
            basis="HB-3.4e, HB-4.2d",
            **counted(_donations, "entity__region", value=fen("amount")),
            counted_in=YUAN,
            yearly=True,
            definition=_(
                "Money that charity entities of the place have received as donations in the calendar year, "
                "by that day; reversed donations, goods and services are not among it."
            ),
        )
    ),
    register(
        Measure(
            "fund_uses",
            _("money used out of special funds this year"),
            unit="place",
            basis="HB-3.4e",
            **counted(_uses, "fund__entity__region", value=fen("amount")),
            counted_in=YUAN,
            yearly=True,
            definition=_(
                "Money that special funds of charity entities of the place have given out in the calendar "
                "year, by that day."
            ),
        )
    ),
    register(
        Measure(
            "charity_entities",
            _("charity entities"),
            unit="place",
            basis="HB-3.2d",
            **counted(_entities),
            counted_in=PIECES,
            definition=_(
                "Foundations, love supermarkets, mutual-aid associations, charity federations and charity "
                "stations there on that day, at their home place of any level."
            ),
        )
    ),
    register(
        Measure(
            "charity_funds",
            _("special funds"),
            unit="place",
            basis="HB-3.4e, HB-4.2d",
            **counted(_funds, "entity__region"),
            counted_in=PIECES,
            definition=_(
                "Special funds and community funds of charity entities that hold on that day, at the home "
                "place of the entity."
            ),
        )
    ),
    register(
        Measure(
            "community_input",
            _("public money planned for communities this year"),
            unit="place",
            basis="GS-T18",
            **counted(_inputs(0), value=fen("amount")),
            counted_in=YUAN,
            yearly=True,
            definition=_(
                "All money the place itself has planned in the fiscal year by the register of budgets, of "
                "every source and for every purpose."
            ),
        )
    ),
    register(
        Measure(
            "community_input_before",
            _("public money planned for communities the year before"),
            unit="place",
            basis="GS-T18",
            **counted(_inputs(-1), value=fen("amount")),
            counted_in=YUAN,
            yearly=True,
            definition=_(
                "All money the place itself had planned in the fiscal year before, of every source and for "
                "every purpose."
            ),
        )
    ),
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
    register(
        Measure(
            "fund_total",
            _("money of a source in the year"),
            unit="fund",
            basis="HB-T06",
            **themselves(_capped, value=its_fen("total")),
            yearly=True,
            counted_in=YUAN,
            definition=_("Money for social assistance of one place, one source and the fiscal year."),
        )
    ),
    register(
        Measure(
            "fund_purchased",
            _("services purchased out of a source"),
            unit="fund",
            basis="HB-T06",
            **themselves(_capped, value=its_fen("purchased")),
            yearly=True,
            counted_in=YUAN,
            definition=_(
                "What one source of money for social assistance of one place has paid for purchased "
                "services in the fiscal year."
            ),
        )
    ),
]
