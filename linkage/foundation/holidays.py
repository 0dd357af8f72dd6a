"""What the State Council has announced: which weekdays are off, which Saturdays and Sundays are worked.

Each line is one notice of its General Office (国务院办公厅关于……部分节假日安排的通知), read in full on
2026-11-22 from copies of the text at gov.cn and in newspapers. Holidays that fall on a weekend change
nothing and are left out when the days are entered. Years to come are entered in the admin.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Announcement:
    """One notice: spans of days off, and days worked. ``year`` is meant where none is said."""

    year: int
    source: str
    rest: dict[str, str]  # name of the holiday: "2-7/2-13"
    work: str


ANNOUNCED = [
    Announcement(
        2016,
        "国办发明电〔2015〕18号",
        {
            "元旦": "1-1",
            "春节": "2-7/2-13",
            "清明节": "4-4",
            "劳动节": "5-1/5-2",
            "端午节": "6-9/6-11",
            "中秋节": "9-15/9-17",
            "国庆节": "10-1/10-7",
        },
        "2-6 2-14 6-12 9-18 10-8 10-9",
    ),
    Announcement(
        2017,
        "国办发明电〔2016〕17号",
        {
            "元旦": "1-1/1-2",
            "春节": "1-27/2-2",
            "清明节": "4-2/4-4",
            "劳动节": "5-1",
            "端午节": "5-28/5-30",
            "中秋节、国庆节": "10-1/10-8",
        },
        "1-22 2-4 4-1 5-27 9-30",
    ),
    Announcement(
        2018,
        "国办发明电〔2017〕12号",
        {
            "元旦": "1-1",
            "春节": "2-15/2-21",
            "清明节": "4-5/4-7",
            "劳动节": "4-29/5-1",
            "端午节": "6-18",
            "中秋节": "9-24",
            "国庆节": "10-1/10-7",
        },
        "2-11 2-24 4-8 4-28 9-29 9-30",
    ),
    Announcement(
        2019,
        "国办发明电〔2018〕15号、〔2019〕3号",
        {
            "元旦": "2018-12-30/1-1",
            "春节": "2-4/2-10",
            "清明节": "4-5",
            "劳动节": "5-1/5-4",
            "端午节": "6-7",
            "中秋节": "9-13",
            "国庆节": "10-1/10-7",
        },
        "2018-12-29 2-2 2-3 4-28 5-5 9-29 10-12",
    ),
    Announcement(
        2020,
        "国办发明电〔2019〕16号、〔2020〕1号",  # the second one made the spring holiday longer
        {
            "元旦": "1-1",
            "春节": "1-24/2-2",
            "清明节": "4-4/4-6",
            "劳动节": "5-1/5-5",
            "端午节": "6-25/6-27",
            "国庆节、中秋节": "10-1/10-8",
        },
        "1-19 4-26 5-9 6-28 9-27 10-10",
    ),
    Announcement(
        2021,
        "国办发明电〔2020〕27号",
        {
            "元旦": "1-1/1-3",
            "春节": "2-11/2-17",
            "清明节": "4-3/4-5",
            "劳动节": "5-1/5-5",
            "端午节": "6-12/6-14",
            "中秋节": "9-19/9-21",
            "国庆节": "10-1/10-7",
        },
        "2-7 2-20 4-25 5-8 9-18 9-26 10-9",
    ),
    Announcement(
        2022,
        "国办发明电〔2021〕11号",
        {
            "元旦": "1-1/1-3",
            "春节": "1-31/2-6",
            "清明节": "4-3/4-5",
            "劳动节": "4-30/5-4",
            "端午节": "6-3/6-5",
            "中秋节": "9-10/9-12",
            "国庆节": "10-1/10-7",
        },
        "1-29 1-30 4-2 4-24 5-7 10-8 10-9",
    ),
    Announcement(
        2023,
        "国办发明电〔2022〕16号",
        {
            "元旦": "2022-12-31/1-2",
            "春节": "1-21/1-27",
            "清明节": "4-5",
            "劳动节": "4-29/5-3",
            "端午节": "6-22/6-24",
            "中秋节、国庆节": "9-29/10-6",
        },
        "1-28 1-29 4-23 5-6 6-25 10-7 10-8",
    ),
    Announcement(
        2024,
        "国办发明电〔2023〕7号",
        {
            "元旦": "1-1",
            "春节": "2-10/2-17",
            "清明节": "4-4/4-6",
            "劳动节": "5-1/5-5",
            "端午节": "6-10",
            "中秋节": "9-15/9-17",
            "国庆节": "10-1/10-7",
        },
        "2-4 2-18 4-7 4-28 5-11 9-14 9-29 10-12",
    ),
    Announcement(
        2025,
        "国办发明电〔2024〕12号",
        {
            "元旦": "1-1",
            "春节": "1-28/2-4",
            "清明节": "4-4/4-6",
            "劳动节": "5-1/5-5",
            "端午节": "5-31/6-2",
            "国庆节、中秋节": "10-1/10-8",
        },
        "1-26 2-8 4-27 9-28 10-11",
    ),
    Announcement(
        2026,
        "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）",
        {
            "元旦": "1-1/1-3",
            "春节": "2-15/2-23",
            "清明节": "4-4/4-6",
            "劳动节": "5-1/5-5",
            "端午节": "6-19/6-21",
            "中秋节": "9-25/9-27",
            "国庆节": "10-1/10-7",
        },
        "1-4 2-14 2-28 5-9 9-20 10-10",
    ),
]


def exceptions(announcement):
    """``[(day, works, name)]``: what the notice changes of Monday to Friday, in the order of the days."""
    found = []
    for name, span in announcement.rest.items():
        first, _, last = span.partition("/")
        day = _day(announcement, first)
        while day <= _day(announcement, last or first):
            if day.weekday() < 5:
                found.append((day, False, name))
            day += timedelta(1)
    found += [(_day(announcement, word), True, "") for word in announcement.work.split()]
    return sorted(found)


def _day(announcement, word):
    *year, month, day = map(int, word.split("-"))
    return date(year[0] if year else announcement.year, month, day)
