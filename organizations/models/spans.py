"""Days from and to as the database compares them: the same thing is not said twice of one day."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import F, Func, Q, Value


def never_twice_at_a_time(name, *fields, message, condition=None):
    """Of the standing rows with the same ``fields``, no two hold on one day."""
    days = Func(
        F("valid_from"),
        F("valid_to"),
        Value("[]"),
        function="daterange",
        output_field=DateRangeField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[*((field, RangeOperators.EQUAL) for field in fields), (days, RangeOperators.OVERLAPS)],
        condition=Q(removed_at__isnull=True) & (condition or Q()),
        violation_error_message=message,
    )
