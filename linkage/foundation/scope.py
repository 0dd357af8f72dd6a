"""Which rows a person may see. One class; the default is nothing."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, Q


def under(lookup, path):
    """Everything at or under a region path, as one range of the C-collated index."""
    return Q(**{f"{lookup}__gte": path, f"{lookup}__lt": path + "~"})


def one_of(column, rows):
    """``column`` among the keys of ``rows``, which are found first and once, as an array.

    Beside other terms of an OR an index still serves it; ``IN (subquery)`` would read the whole table.
    """
    return Q(
        Func(
            F(column),
            ArraySubquery(rows.order_by().values("pk")),
            template="(%(expressions)s))",
            arg_joiner=" = ANY (",
            output_field=models.BooleanField(),
        )
    )


class ScopedQuerySet(models.QuerySet):
    """Rows that hang on a region. ``region_path`` names the lookup to its path."""

    region_path = "region__path"

    def within(self, region):
        return self.filter(under(self.region_path, region.path))

    def visible_to(self, user):
        """The rows under the places where this person holds a post; nobody's rows otherwise."""
        if not user.is_authenticated or not user.current_posts:
            return self.none()
        theirs = Q()
        for post in user.current_posts:
            theirs |= under(self.region_path, post.office.region.path)
        return self.filter(theirs)
