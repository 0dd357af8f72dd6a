"""How long an office still has: reckoned from the arrival, the days of the step and the working-day calendar.

Nothing of it is stored. The clock runs while an office has the file, stands still while it lies with the
applicant, and starts anew with every arrival.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, F, FilteredRelation, Func, IntegerField, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linkage.foundation.scope import ScopedQuerySet
from linkage.foundation.workdays import Calendar

SOON = 2  # working days ahead an office is reminded (DOMAIN §6 C15)


class Passed(Func):
    """How many working days have begun since a moment; ``starts`` are their first moments, oldest first."""

    output_field = IntegerField()

    def __init__(self, moment, starts):
        thresholds = Value(starts, output_field=ArrayField(DateTimeField()))
        super().__init__(moment, thresholds, Value(len(starts)))

    def as_sql(self, compiler, connection, **extra):
        template = "(%(third)s - width_bucket(%(first)s, %(second)s))"
        parts = [compiler.compile(part) for part in self.source_expressions]
        names = ("first", "second", "third")
        sql = template % {name: part[0] for name, part in zip(names, parts, strict=True)}
        return sql, (*parts[2][1], *parts[0][1], *parts[1][1])


class DatedQuerySet(ScopedQuerySet):
    """Questions about time. ``calendar`` saves the query where the caller has one already."""

    def counting_down(self, on=None, calendar=None):
        """Each with ``left``: working days its office still has, 0 on the last one, negative when overdue."""
        starts = (calendar or Calendar()).starts(on or timezone.localdate())
        return self.annotate(
            stop=FilteredRelation("route", condition=Q(route__key=F("step"))),
            left=F("stop__days") - Passed(F("step_since"), starts),
        )

    def overdue(self, on=None, calendar=None):
        """Lies with an office longer than the office may have it."""
        calendar, on = calendar or Calendar(), on or timezone.localdate()
        # Whatever the step allows, what came since the last working day but one cannot be late.
        settled = Q(acting_office__isnull=False, step_since__lt=calendar.starts(on)[-2])
        return self.counting_down(on, calendar).filter(settled, left__lt=0)

    def due_soon(self, on=None, calendar=None):
        """Is due within two working days, today among them."""
        return self.counting_down(on, calendar).filter(
            acting_office__isnull=False, left__gte=0, left__lte=SOON
        )


@dataclass(frozen=True)
class Deadline:
    """When the office that has a project must have decided. ``left`` as in ``counting_down``."""

    due_on: date
    left: int
    days: int
    on: date
    unsure: bool = False  # the calendar of a year between is not entered; only weekends are counted

    @property
    def is_overdue(self):
        return self.left < 0

    @property
    def is_soon(self):
        return 0 <= self.left <= SOON

    @property
    def state(self):
        if self.is_overdue:
            return "late"
        return "near" if self.is_soon else ""

    def __str__(self):
        if self.left == 0:  # on the last working day, or on days off right behind it
            return _("due today") if self.due_on == self.on else _("due, next is a working day")
        if self.left > 0:
            return ngettext("%(n)s working day left", "%(n)s working days left", self.left) % {"n": self.left}
        late = -self.left
        return ngettext("overdue by %(n)s working day", "overdue by %(n)s working days", late) % {"n": late}


def deadline(since, days, calendar, on=None):
    """The ``Deadline`` of a stay that began at the moment ``since`` and may last ``days`` working days."""
    on, began = on or timezone.localdate(), timezone.localdate(since)
    due = calendar.after(began, days)
    return Deadline(due, days - calendar.between(began, on), days, on, bool(calendar.unknown(began, due)))
