"""季报 of the demo: one quarter of the province locked, the next one running, and one of a county.

Everything goes through the verbs, on the days they would have been done.
"""

from datetime import datetime, timedelta

import time_machine
from django.utils import timezone

from communities.models import Level, Region
from communities.offices.models import Post, User
from linkage.attainment.models import Edition
from linkage.attainment.services import counting
from linkage.reports.models import Return, State
from linkage.reports.models.collection import last_day
from linkage.reports.services import collecting, filing, units

TEMPLATE = "governance-quarter"
NOTE = "本季度集中补录台账，数据较上期变化较大。"
SHORT = "个别单位台账仍在核对，先行汇总，补报后更正。"


def tell(province, cast):
    """The last quarter but one is locked, the last one runs; answers how many returns there are."""
    leader = User.objects.filter(username="province").first()
    if leader is None or leader.home_region != province:
        return 0
    today = timezone.localdate()
    quarter = today.year * 4 + (today.month - 1) // 3  # the one that runs
    for back in (2, 1):
        year, number = divmod(quarter - back, 4)
        _province(province, leader, cast, year, number + 1, is_last=back == 1)
    county = User.objects.filter(username="county").first()
    if county is not None and county.home_region.level == Level.COUNTY:
        year, number = divmod(quarter - 1, 4)
        _county(county, cast, year, number + 1)
    return Return.objects.count()


def _open(by, year, number, lowest, *, due, on):
    counting.freeze(Edition.Kind.DEMAND, last_day("quarter", year, number))
    with _at(on, 11):
        return collecting.open_collection(
            TEMPLATE, year=year, number=number, lowest=lowest, due_on=due, by=by
        )


def _province(province, leader, cast, year, number, *, is_last):
    """From the counties up. In the last quarter some have not filed, and one was sent back."""
    end, today = last_day("quarter", year, number), timezone.localdate()
    due = today + timedelta(days=9) if is_last else end + timedelta(days=20)
    opened = min(end + timedelta(days=2), today)
    row = _open(leader, year, number, Level.COUNTY, due=due, on=opened)
    cities = [unit.region for unit in units.units_below(row, province.pk)]
    for place, city in enumerate(cities):
        below = [unit.region for unit in units.units_below(row, city.pk)]
        for at, county in enumerate(below):
            if is_last and (place % 4 == 2 or (at + place) % 5 == 3):
                continue  # not filed yet
            filed = _file(row, county, cast, min(end + timedelta(days=6 + at % 5), today))
            _answer(row, filed, city, cast, send_back=is_last and at == 1 and place % 3 == 0)
        received = Return.objects.of(row).filter(above=city, state=State.RECEIVED).count()
        if is_last and (place % 4 in (1, 2) or place == 0 or received * 2 < len(below)):
            continue
        filed = _file(row, city, cast, min(end + timedelta(days=14), today))
        if not is_last or place % 2:
            _receive(row, filed, province, cast)
    if not is_last:
        _file(row, province, cast, min(end + timedelta(days=19), today))


def _county(county, cast, year, number):
    """The county has its streets and communities file: some communities of the demo's street have."""
    today = timezone.localdate()
    row = _open(
        county,
        year,
        number,
        Level.COMMUNITY,
        due=today + timedelta(days=6),
        on=max(last_day("quarter", year, number) + timedelta(days=1), today - timedelta(days=3)),
    )
    street = User.objects.filter(username="street").first()
    if street is None:
        return
    for at, community in enumerate(
        Region.objects.filter(parent=street.home_region, closed_on=None).order_by("path")
    ):
        if at % 3 != 0 and at < 6:
            filed = _file(row, community, cast, today - timedelta(days=1))
            if at % 3 == 1:
                _receive(row, filed, street.home_region, cast)


def _by(cast, place):
    return cast.at(place, Post.Role.CLERK if place.is_community else Post.Role.REVIEWER)


def _file(row, place, cast, on):
    with _at(on, 11):
        filed = filing.begin(row, place, by=_by(cast, place))
        gaps = {key for key, _name, _text in filing.gaps_of(filed)}
        notes = dict.fromkeys(gaps - {"shortfall"}, NOTE)
        told = SHORT if "shortfall" in gaps else ""
        if notes or told:
            filed = filing.save(filed, own={}, notes=notes, shortfall=told, by=_by(cast, place))
        return filing.file(filed, by=_by(cast, place))


def _answer(row, filed, above, cast, *, send_back):
    if send_back:
        with _day_after(filed):
            filing.send_back(
                filed, reason="社区工作人员数与上期相比变化较大，请核实并说明。", by=_by(cast, above)
            )
    elif filed.state == State.FILED:
        _receive(row, filed, above, cast)


def _receive(row, filed, above, cast):
    with _day_after(filed):
        filing.receive(row, above, [filed.pk], by=_by(cast, above))


def _day_after(filed):
    on = min(timezone.localdate(filed.filed_at) + timedelta(days=1), timezone.localdate())
    return _at(on, 16)


def _at(day, hour):
    """That day at that hour, but never later than now."""
    moment = timezone.make_aware(datetime(day.year, day.month, day.day, hour))
    return time_machine.travel(min(moment, timezone.now()), tick=True)
