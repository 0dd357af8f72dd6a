"""The tables of charity resources and of money by source."""

from django.utils.translation import gettext as _

from linkage.foundation.spreadsheets import describing
from linkage.foundation.spreadsheets.describing import Sheet
from organizations.charity.models import (
    CappedSpending,
    CharityEntity,
    Donation,
    FundBudget,
    FundDisclosure,
    PublicFundraisingPlan,
    SpecialFund,
    StockItem,
)


@describing.register
class CharityEntitySheet(Sheet):
    model = CharityEntity
    keys = (("region", "name"),)
    order = ("region", "name", "kind")
    related = ("organization", "facility")


@describing.register
class SpecialFundSheet(Sheet):
    model = SpecialFund
    keys = (("entity", "name"),)
    order = ("entity", "name", "purpose")
    related = ("entity__region",)


@describing.register
class DonationSheet(Sheet):
    """Known by its receipt; without one by all that says which gift it was."""

    model = Donation
    keys = (
        ("entity", "receipt_no"),
        ("entity", "received_on", "kind", "?donor_name", "?amount", "?description"),
    )
    order = ("entity", "fund", "donor_kind", "donor_name", "hide_name", "donor_phone", "kind", "amount")
    aliases = {"donor_phone": ("捐赠人联系电话", "联系电话"), "amount": ("金额", "捐赠金额", "金额（元）")}
    related = ("entity__region", "fund")
    about = _("Known by entity and receipt; without one by entity, day, donor, amount and what was given.")

    def key_of(self, row, name):
        if name == "donor_name" and row.hide_name:
            return str(row.real_name)
        return super().key_of(row, name)

    def judge(self, check, line):
        """What bears a receipt, or takes another gift back, stands as it is."""
        if line.old is not None and line.old.is_settled and check.changed(line):
            return {None: _("A donation with a receipt is not edited or removed: reverse it.")}
        return {}


@describing.register
class StockItemSheet(Sheet):
    """What goods there are; how many, say the movements."""

    model = StockItem
    keys = (("entity", "name", "unit"),)
    order = ("entity", "name", "unit")
    related = ("entity__region",)


@describing.register
class PublicFundraisingPlanSheet(Sheet):
    model = PublicFundraisingPlan
    keys = (("organization", "title", "starts_on"),)
    related = ("organization__region",)


@describing.register
class FundBudgetSheet(Sheet):
    model = FundBudget
    keys = (("region", "year", "source", "purpose"),)


@describing.register
class FundDisclosureSheet(Sheet):
    model = FundDisclosure
    keys = (("region", "year", "source"),)


@describing.register
class CappedSpendingSheet(Sheet):
    model = CappedSpending
    keys = (("region", "year", "source"),)
