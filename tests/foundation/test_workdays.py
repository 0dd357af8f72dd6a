"""Working days: Monday to Friday, less the holidays the State Council announced, plus the days made up."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from linkage.foundation import holidays, workdays
from linkage.foundation.models import CalendarDay, CalendarYear
from linkage.foundation.workdays import Calendar, working_days_after, working_days_between

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("year", range(2016, 2027))
def test_an_announced_year_is_all_its_days_less_weekends_and_statutory_holidays(year):
    """全国年节及纪念日放假办法: 11 days off, 13 from 2025 on; what is moved to make bridges is made up."""
    before, last = date(year - 1, 12, 31), date(year, 12, 31)
    weekdays = sum((before + workdays.ONE * n).weekday() < 5 for n in range(1, (last - before).days + 1))
    longer = 2 if year == 2020 else 0  # the spring holiday of 2020 was made longer without making up

    assert working_days_between(before, last) == weekdays - (13 if year >= 2025 else 11) - longer


def test_an_announcement_names_weekends_that_are_worked_and_no_day_twice():
    for announcement in holidays.ANNOUNCED:
        found = holidays.exceptions(announcement)
        days = [day for day, _works, _name in found]
        assert len(set(days)) == len(days)
        assert all(works == (day.weekday() >= 5) for day, works, _name in found), announcement.year


def test_the_national_day_of_2016_is_no_working_time_and_the_weekend_after_it_is():
    friday = date(2016, 9, 30)

    assert working_days_after(friday, 1) == date(2016, 10, 8)  # a Saturday, made up
    assert working_days_after(friday, 2) == date(2016, 10, 9)
    assert working_days_after(friday, 3) == date(2016, 10, 10)
    assert working_days_between(friday, date(2016, 10, 7)) == 0
    assert working_days_between(date(2016, 10, 10), friday) == -3


def test_what_arrives_on_a_day_off_has_its_whole_term():
    saturday = date(2026, 10, 3)

    assert working_days_after(saturday, 1) == date(2026, 10, 8)
    assert working_days_after(saturday, 3) == date(2026, 10, 10)  # a Saturday, made up


def test_a_year_nobody_has_entered_is_named_and_counts_weekdays_only():
    calendar = Calendar()

    assert calendar.unknown(date(2026, 12, 28), date(2027, 1, 8)) == [2027]
    assert calendar.unknown(date(2026, 1, 1), date(2026, 12, 31)) == []
    assert calendar.after(date(2026, 12, 31), 1) == date(2027, 1, 1)  # weekdays only: not even New Year
    assert workdays.years_wanted(date(2026, 10, 1)) == []
    assert workdays.years_wanted(date(2026, 11, 22)) == [2027]

    CalendarYear.objects.create(year=2027, source="国办发明电〔2026〕1号")
    CalendarDay.objects.create(year_id=2027, day=date(2027, 1, 1), name="元旦")

    assert workdays.years_wanted(date(2026, 11, 22)) == []
    assert working_days_after(date(2026, 12, 31), 1) == date(2027, 1, 4)


@pytest.mark.parametrize("on", [date(2016, 10, 9), date(2026, 2, 24), date(2026, 10, 5), date(2026, 11, 22)])
@pytest.mark.parametrize("days", [1, 2, 7, 10, 30])
def test_the_moments_for_sql_agree_with_the_due_day(on, days):
    """What arrived before the start of the n-th last working day has used up n of them."""
    calendar = Calendar()
    start = calendar.starts(on)[-days].date()

    assert calendar.between(start - workdays.ONE, on) == days
    assert calendar.between(start, on) == days - 1
    assert calendar.after(start - workdays.ONE, days) <= on


def test_entering_the_announced_years_again_leaves_what_stands():
    CalendarDay.objects.filter(day=date(2016, 9, 15)).update(name="改过")

    assert workdays.enter_announced() == []

    CalendarDay.objects.filter(year=2020).delete()
    CalendarYear.objects.filter(year=2020).delete()
    assert workdays.enter_announced() == [2020]
    assert CalendarDay.objects.get(day=date(2016, 9, 15)).name == "改过"
    assert not Calendar().is_working(date(2020, 1, 31))  # the longer spring holiday


@pytest.mark.parametrize(
    ("year", "day", "works"),
    [(2026, date(2026, 10, 3), False), (2026, date(2026, 11, 23), True), (2025, date(2026, 11, 23), False)],
)
def test_the_table_takes_only_exceptions_of_their_own_year(year, day, works):
    wrong = CalendarDay(year_id=year, day=day, works=works)

    with pytest.raises(ValidationError):
        wrong.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()
