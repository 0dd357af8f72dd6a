"""Working days of the State Council: Monday to Friday, less holidays, plus days made up (调休).

The exceptions stand in ``CalendarDay``; a year is known when it has its ``CalendarYear``. Nothing is guessed
for a year that has none: it counts Monday to Friday, and ``Calendar.unknown`` says so.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from . import holidays
from .models import CalendarDay, CalendarYear

ONE = timedelta(1)
LONGEST = 90  # working days; no step of a procedure is given more
AHEAD = timedelta(60)  # so long before its first day a year should be known


class Calendar:
    """The calendar as it is entered now; one query, then nothing but reckoning."""

    def __init__(self):
        rows = CalendarYear.objects.order_by().values_list("year", "days__day", "days__works")
        self.years, self.exceptions = set(), {}
        for year, day, works in rows:
            self.years.add(year)
            if day is not None:
                self.exceptions[day] = works

    def is_working(self, day):
        return self.exceptions.get(day, day.weekday() < 5)

    def after(self, day, days):
        """The day on which ``days`` working days have passed since ``day``, which is not counted itself."""
        while days > 0:
            day += ONE
            days -= self.is_working(day)
        return day

    def between(self, day, until):
        """How many working days lie behind ``day`` up to ``until``, that one counted; negative backwards."""
        if until < day:
            return -self.between(until, day)
        return sum(self.is_working(day + ONE * number) for number in range(1, (until - day).days + 1))

    def unknown(self, day, until):
        """The years between two days that nobody has entered yet, in order."""
        return [year for year in range(day.year, until.year + 1) if year not in self.years]

    def starts(self, on):
        """The first moments of the last ``LONGEST + 1`` working days up to and with ``on``, oldest first.

        Those later than a moment of arrival are the working days used up since: SQL counts them without
        looking at a calendar row by row.
        """
        starts, day = [], on
        while len(starts) <= LONGEST:
            if self.is_working(day):
                starts.append(_midnight(day))
            day -= ONE
        return starts[::-1]

    def begun(self, day, until):
        """The first moments of all working days from ``day`` to ``until``, both counted, oldest first."""
        days = (day + ONE * number for number in range((until - day).days + 1))
        return [_midnight(one) for one in days if self.is_working(one)]


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def calendar_of(user):
    """The calendar, read once for all that one request of this person asks."""
    known = getattr(user, "calendar", None)  # not its __dict__: a request has a lazy stand-in of the user
    if known is None:
        known = user.calendar = Calendar()
    return known


def working_days_after(day: date, days: int) -> date:
    """The day on which a term of so many working days ends that began on ``day`` (not counted itself)."""
    return Calendar().after(day, days)


def working_days_between(day: date, until: date) -> int:
    """The working days behind ``day`` up to and with ``until``; negative where ``until`` lies before it."""
    return Calendar().between(day, until)


def years_wanted(on=None):
    """The years that matter by now and that nobody has entered: what the desk warns of."""
    on = on or timezone.localdate()
    return Calendar().unknown(on, on + AHEAD)


@transaction.atomic
def enter_announced():
    """Enter the years this release knows, where they are missing; what is entered already stays as it is."""
    known = set(CalendarYear.objects.values_list("year", flat=True))
    announced = [one for one in holidays.ANNOUNCED if one.year not in known]
    CalendarYear.objects.bulk_create([CalendarYear(year=one.year, source=one.source) for one in announced])
    rows = [row for one in holidays.ANNOUNCED for row in holidays.exceptions(one)]
    missing = {one.year for one in announced}
    CalendarDay.objects.bulk_create(
        CalendarDay(year_id=day.year, day=day, works=works, name=name)
        for day, works, name in rows
        if day.year in missing
    )
    return sorted(missing)
