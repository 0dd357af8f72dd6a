"""Two 督办 of the demo: the province asks counties for lists, a county its communities for volunteers."""

from datetime import timedelta

import time_machine
from django.utils import timezone, translation

from communities.models import Level, PowerDutyList
from communities.offices.models import User
from linkage.attainment import rules, services
from linkage.attainment.documents.wording import Line
from linkage.attainment.models import Supervision, Target
from linkage.attainment.services import reading, supervision

AGO, AHEAD = timedelta(days=20), timedelta(days=25)
DONE = 5  # counties that have issued their lists since
NOON = "T04:00:00Z"


def tell(province):
    """Hand both down as of three weeks ago, let some be done since; answers how many there are.

    Nothing happens where the doors of the demo are not open or the targets are met already.
    """
    leader, county = (User.objects.filter(username=name).first() for name in ("province", "county"))
    if leader is None or county is None or leader.home_region != province:
        return 0
    with translation.override("zh-hans"):
        lists = _hand_down(
            "GS-T07", province, leader, "请尚未出台两份清单的县（市、区）于期限前印发并录入台账。"
        )
        volunteers = _hand_down(
            "GS-T13", county.home_region, county, "请结合主题志愿服务活动，动员居民注册。"
        )
    if lists:
        _issue_lists(lists)
    if volunteers:
        _say_how_it_goes(volunteers)
    services.refresh()
    supervision.note_done()
    return sum(one is not None for one in (lists, volunteers))


def _hand_down(code, place, by, note):
    target = Target.objects.select_related("document__region").filter(code=code).first()
    found = target and reading.read([target], place)[0]
    if not found or found.status not in rules.UNMET:
        return None
    line, today = Line(found), timezone.localdate()
    if not 0 < len(supervision.steps_of(found, Supervision.Origin.PATH)) <= supervision.MOST:
        return None
    with time_machine.travel(f"{today - AGO}{NOON}", tick=False):
        return supervision.issue(
            found,
            origin=Supervision.Origin.PATH,
            due_on=today + AHEAD,
            told=(line.limit, line.value, line.gap),
            note=note,
            by=by,
        )


def _issue_lists(row):
    """The first counties of the list issue their lists, as their clerks would enter them."""
    for item in row.items.filter(region__level=Level.COUNTY)[:DONE]:
        PowerDutyList.objects.create(
            region=item.region,
            kind="both",
            title=f"{item.region.name}街道（乡镇）权力清单和居（村）民委员会职责清单",
            issued_by=f"{item.region.name}民政局",
            issued_on=timezone.localdate() - timedelta(days=6),
            powers=96,
            duties_listed=41,
        )


def _say_how_it_goes(row):
    clerk = User.objects.filter(username="community").first()
    item = clerk and row.items.filter(region=clerk.home_region).first()
    if item:
        supervision.report(item, text="已在四个小区设报名点，月底前集中录入台账。", by=clerk)
