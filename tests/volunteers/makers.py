"""Short words for volunteers and what they have done."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from socialwork.volunteers import services
from socialwork.volunteers.models import ServiceRecord, Volunteer, VolunteerActivity
from tests.socialwork.makers import identity, keeper, role

__all__ = ["activity", "at", "identity", "keeper", "record", "verified", "volunteer"]


def at(hour, day=date(2026, 3, 5), minute=0):
    return datetime.combine(day, time(hour, minute), timezone.get_current_timezone())


def volunteer(region, name="王秀英", id_number="", **facts):
    facts = {
        "born_on": date(1980, 1, 1),
        "registered_on": date(2020, 1, 1),
        "consented_on": date(2020, 1, 1),
        **facts,
    }
    return role(Volunteer, name, id_number, region=region, **facts)


def activity(region, start=None, hours=2, **facts):
    start = start or at(9)
    return VolunteerActivity.objects.create(
        region=region,
        title="义诊理发",
        fields=["elderly"],
        venue="社区广场",
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        **facts,
    )


def record(volunteer, by, start=None, hours=2, **facts):
    start = start or at(9)
    entry = ServiceRecord(
        volunteer=volunteer,
        started_at=start,
        ended_at=facts.pop("ended_at", start + timedelta(hours=float(hours))),
        hours=Decimal(str(hours)),
        **{"region": volunteer.region, "content": "为独居老人送餐", "venue": "社区", **facts},
    )
    return services.record(entry, by=by)


def verified(volunteer, by, second, **facts):
    return services.verify(record(volunteer, by, **facts), by=second)
