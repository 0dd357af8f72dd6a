"""Facts about charity resources: who gathers, what is given, what is in stock, public money by source."""

from .budget import FundBudget, FundDisclosure, FundSpending, unpublished
from .cap import CappedSpending
from .donation import Donation
from .entity import CharityEntity, FundUse, SpecialFund
from .fundraising import FundraisingDisclosure, PublicFundraisingPlan
from .stock import StockItem, StockMovement

__all__ = [
    "CappedSpending",
    "CharityEntity",
    "Donation",
    "FundBudget",
    "FundDisclosure",
    "FundSpending",
    "FundUse",
    "FundraisingDisclosure",
    "PublicFundraisingPlan",
    "SpecialFund",
    "StockItem",
    "StockMovement",
    "unpublished",
]
