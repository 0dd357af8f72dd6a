"""Counting, for every row of a list, rows of another table."""

from django.db.models import F, Func, IntegerField, Subquery


def number_of(rows):
    """How many of ``rows`` there are, as a column of the row outside; 0 where there is none.

    Not as a group of which there is but one: PostgreSQL would sort and compare what it only has to count.
    """
    counted = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(number=counted).values("number"))
