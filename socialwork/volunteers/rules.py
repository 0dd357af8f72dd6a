"""What must hold of volunteers and of their service records, each with its source (DOMAIN §5.5).

An own will and true data: 志愿服务条例 7. Minors: 民法典 17, 条例 of 重庆 9. Under 14: 个人信息保护法 31.
Records free, true and timely, by who organises: 民政部令67号.
"""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings

ADULT = 18
OWN_DATA = 14  # from this age on the personal data is no longer sensitive as such (个人信息保护法 28)

LONGEST = timedelta(hours=24)  # of one record; and as records never overlap, of one day
QUARTER = Decimal("0.25")  # hours are written in quarters; travel is not counted (民函〔2012〕340号)


def age_on(born_on, day):
    """Full years of age on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def stars(hours):
    """★ to ★★★★★ by verified hours; the steps are a setting, 100/300/600/1000/1500 by default."""
    return sum(hours >= step for step in settings.STAR_HOURS)


def star_span(number):
    """From how many hours on, and below how many, somebody has so many stars; None: no upper end."""
    steps = [0, *settings.STAR_HOURS]
    return steps[number], steps[number + 1] if number + 1 < len(steps) else None


def quarter_hours(hours):
    return hours % QUARTER == 0


def within(started_at, ended_at, activity):
    """Does the service lie within the time of its activity, give or take the tolerance?"""
    some = settings.SERVICE_TOLERANCE
    return activity.starts_at - some <= started_at and ended_at <= activity.ends_at + some
