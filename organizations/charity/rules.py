"""What must hold of charity and of money, each rule with its source (DOMAIN §5.7)."""

from datetime import timedelta
from decimal import Decimal

from communities.codes import FundSource

UNNAMED = "爱心人士"  # how a donor who forbids the name is called everywhere (慈善法 82)

# 河北2021 四(二): of money for social assistance, purchased services take at most 2 %
CAPPED = (FundSource.ASSISTANCE_WORK, FundSource.HARDSHIP)
CAP = Decimal("2.00")  # percent
CAP_NEAR = Decimal("0.75")  # of the cap: from 1.5 % on it is remarked

# 慈善法 79: fundraising over six months is disclosed every three months, and within three months of its end
LONG_FUNDRAISING = timedelta(days=183)
DISCLOSE_EVERY = timedelta(days=92)
DISCLOSE_AFTER_END = timedelta(days=92)

LOTTERY_PUBLISHED_BY = (6, 30)  # of the next year (彩票管理条例 36)
