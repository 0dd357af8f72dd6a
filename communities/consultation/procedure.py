"""What the law asks of an assembly (DOMAIN §5.11), by body and from a day on, and how long a notice hangs.

Every figure is exact. "三分之二以上" includes two thirds, "过半数" does not include one half: a share is
therefore kept with the word whether it must be reached or exceeded.
"""

from dataclasses import asdict, dataclass, fields
from datetime import date
from fractions import Fraction
from math import ceil, floor

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Body(models.TextChoices):
    """Who decides for a place. A meeting of all may be held by those entitled, or by households or groups."""

    RESIDENTS = "residents", "居民代表会议"
    RESIDENTS_ADULTS = "residents_adults", "居民会议（十八周岁以上居民参加）"
    RESIDENTS_HOUSEHOLDS = "residents_households", "居民会议（每户派代表参加）"
    RESIDENTS_GROUPS = "residents_groups", "居民会议（居民小组选举代表参加）"
    VILLAGERS = "villagers", "村民代表会议"
    VILLAGERS_ADULTS = "villagers_adults", "村民会议（十八周岁以上村民参加）"
    VILLAGERS_HOUSEHOLDS = "villagers_households", "村民会议（户的代表参加）"

    @property
    def committee(self):
        """The kind of committee whose place it decides for: residents or villagers."""
        return self.value.partition("_")[0]

    @property
    def meeting(self):
        """Its name without how it is made up."""
        return self.label.partition("（")[0]


def bodies_of(committee):
    """The bodies of a place, the representatives first."""
    return [body for body in Body if body.committee == committee]


class Base(models.TextChoices):
    """Of whom the majority is taken."""

    PRESENT = "present", gettext_lazy("of those present")
    ALL = "all", gettext_lazy("of all members")


@dataclass(frozen=True)
class Rule:
    """What a body must reach in a meeting held on ``since`` or later.

    ``above``: the share must be exceeded, not only reached. ``call_days``: members are told so many calendar
    days before. ``verified``: somebody has read the figure in the text that ``source`` names.
    """

    body: str
    since: date
    quorum: Fraction
    majority: Fraction
    source: str
    quorum_above: bool = False
    majority_above: bool = True
    base: str = Base.PRESENT
    call_days: int | None = None
    verified: bool = True

    def frozen(self):
        """As plain words, to be kept with a meeting that was judged by it."""
        return {
            **asdict(self),
            "since": self.since.isoformat(),
            "quorum": str(self.quorum),
            "majority": str(self.majority),
            "body": str(self.body),
            "base": str(self.base),
        }

    @classmethod
    def thawed(cls, kept):
        known = {field.name for field in fields(cls)}
        return cls(
            **{
                **{name: value for name, value in kept.items() if name in known},
                "since": date.fromisoformat(kept["since"]),
                "quorum": Fraction(kept["quorum"]),
                "majority": Fraction(kept["majority"]),
            }
        )

    def least_present(self, entitled):
        return least(self.quorum, entitled, above=self.quorum_above)

    def least_for(self, entitled, present):
        return least(self.majority, self.whole(entitled, present), above=self.majority_above)

    def whole(self, entitled, present):
        """The number the majority is taken of."""
        return entitled if self.base == Base.ALL else present

    def shortfalls(self, entitled, present, votes_for):
        """Which of its figures a meeting has not reached: sentences with number and source."""
        found, words = [], {"body": Body(self.body).meeting, "source": self.basis}
        if present < (needed := self.least_present(entitled)):
            found.append(
                _(
                    "%(body)s: %(present)s came of %(entitled)s who should, %(lack)s (%(least)s). "
                    "Basis: %(source)s."
                )
                % {
                    **words,
                    "present": present,
                    "entitled": entitled,
                    "lack": lacking(self.quorum, self.quorum_above),
                    "least": needed,
                }
            )
        if votes_for < (needed := self.least_for(entitled, present)):
            found.append(
                _(
                    "%(body)s: %(votes)s votes for it, %(whole)s %(base)s, %(lack)s (%(least)s). "
                    "Basis: %(source)s."
                )
                % {
                    **words,
                    "votes": votes_for,
                    "lack": lacking(self.majority, self.majority_above),
                    "base": Base(self.base).label,
                    "least": needed,
                    "whole": self.whole(entitled, present),
                }
            )
        return found

    @property
    def basis(self):
        return (
            self.source if self.verified else _("%(source)s (still to be verified)") % {"source": self.source}
        )

    @property
    def demands(self):
        """The rule in a sentence."""
        told = _("Present: %(quorum)s of those who should come; passed by %(majority)s %(base)s.") % {
            "quorum": in_words(self.quorum, self.quorum_above),
            "majority": in_words(self.majority, self.majority_above),
            "base": Base(self.base).label,
        }
        if self.call_days:
            told += " " + _("Members are told %(days)s days before.") % {"days": self.call_days}
        return told


def least(share, whole, *, above):
    """The smallest number that reaches (or, ``above``, exceeds) a share of a whole, without rounding."""
    exact = share * whole
    return floor(exact) + 1 if above else ceil(exact)


DIGITS = "零一二三四五六七八九十"


def in_words(share, above):
    """三分之二以上（含本数） or 过半数, as a law writes it."""
    if share == Fraction(1, 2) and above:
        return "过半数"
    return f"超过{_part(share)}" if above else f"{_part(share)}以上（含本数）"


def lacking(share, above):
    """不足三分之二 or 未过半数."""
    if share == Fraction(1, 2) and above:
        return "未过半数"
    return f"未超过{_part(share)}" if above else f"不足{_part(share)}"


def _part(share):
    if share == Fraction(1, 2):
        return "半数"
    if share == 1:
        return "全部"
    small = share.numerator < len(DIGITS) and share.denominator < len(DIGITS)
    return f"{DIGITS[share.denominator]}分之{DIGITS[share.numerator]}" if small else str(share)


HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)
LAW_1990, LAW_2010, LAW_2026 = date(1990, 1, 1), date(2010, 10, 28), date(2026, 1, 1)
RESIDENTS_2018 = "《中华人民共和国城市居民委员会组织法》（2018年修正）第九条"
RESIDENTS_2026 = (
    "《中华人民共和国城市居民委员会组织法》（2025年10月28日修订，2026年1月1日起施行）第四章，"
    "条文和数字尚未核对原文"
)
VILLAGERS_2018 = "《中华人民共和国村民委员会组织法》（2018年修正）"
VILLAGERS_2026 = (
    "《中华人民共和国村民委员会组织法》（2025年10月28日修改，2026年1月1日起施行），"
    "修改后的条文和数字尚未核对原文"
)
NONE_SAID = "当时国家法律未规定居民代表会议的到会人数，参照《中华人民共和国村民委员会组织法》第二十六条"

# What the platform begins with; administrators set later versions (``AssemblyRule``). Read in the texts of
# 2018: residents art. 9, villagers art. 21, 22 and 26. Not read: the texts in force since 2026.
DEFAULT_RULES = [
    *(
        Rule(body, LAW_1990, HALF, HALF, RESIDENTS_2018, quorum_above=True)
        for body in (Body.RESIDENTS_ADULTS, Body.RESIDENTS_HOUSEHOLDS, Body.RESIDENTS_GROUPS)
    ),
    Rule(Body.RESIDENTS, LAW_1990, TWO_THIRDS, HALF, NONE_SAID, verified=False),
    Rule(
        Body.VILLAGERS_ADULTS,
        LAW_2010,
        HALF,
        HALF,
        f"{VILLAGERS_2018}第二十一条、第二十二条",
        quorum_above=True,
        call_days=10,
    ),
    Rule(
        Body.VILLAGERS_HOUSEHOLDS,
        LAW_2010,
        TWO_THIRDS,
        HALF,
        f"{VILLAGERS_2018}第二十一条、第二十二条",
        call_days=10,
    ),
    Rule(Body.VILLAGERS, LAW_2010, TWO_THIRDS, HALF, f"{VILLAGERS_2018}第二十六条"),
    *(
        Rule(
            body,
            LAW_2026,
            HALF,
            HALF,
            f"{RESIDENTS_2026}，暂按2018年文本第九条",
            quorum_above=True,
            verified=False,
        )
        for body in (Body.RESIDENTS_ADULTS, Body.RESIDENTS_HOUSEHOLDS, Body.RESIDENTS_GROUPS)
    ),
    Rule(
        Body.RESIDENTS,
        LAW_2026,
        TWO_THIRDS,
        HALF,
        f"{RESIDENTS_2026}，暂按三分之二以上到会、全体组成人员过半数通过",
        base=Base.ALL,
        verified=False,
    ),
    Rule(
        Body.VILLAGERS_ADULTS,
        LAW_2026,
        HALF,
        HALF,
        f"{VILLAGERS_2026}，暂按2018年文本第二十一条、第二十二条",
        quorum_above=True,
        call_days=10,
        verified=False,
    ),
    Rule(
        Body.VILLAGERS_HOUSEHOLDS,
        LAW_2026,
        TWO_THIRDS,
        HALF,
        f"{VILLAGERS_2026}，暂按2018年文本第二十一条、第二十二条",
        call_days=10,
        verified=False,
    ),
    Rule(
        Body.VILLAGERS,
        LAW_2026,
        TWO_THIRDS,
        HALF,
        f"{VILLAGERS_2026}，暂按2018年文本第二十六条",
        verified=False,
    ),
]

# Since 2026 the law itself wants the party organisation of the place to study first what an assembly decides
# (read in the press on both laws of 2025-10-28, the number of the article not).
PARTY_FIRST_SINCE = LAW_2026


def first_rule(body):
    """What meetings were judged by before rules had dates: two thirds come, more than half of them agree."""
    return next(rule for rule in DEFAULT_RULES if rule.body == Body(body).committee)


NOTICE_DAYS = range(1, 61)
NOTICE_AHEAD = 30  # how far in the future a notice may begin
NOTICE_BACK = 90  # how long a poster may have hung before it is entered
MEETING_AHEAD = 180  # how far in the future a meeting may be announced
