"""Where rows of the registers stood before they were handed on; ``earlier`` asks questions of them there."""

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from .journal import AppendOnly


class FormerPlace(AppendOnly):
    """A column of a row named this place, and from a day on another one.

    The history of rows tells it too, but is forgotten after a year and has no day but that of writing.
    """

    register = models.CharField(_("register"), max_length=60)
    field = models.CharField(_("field"), max_length=40)
    entry = models.BigIntegerField(_("number of the entry"))
    place = models.BigIntegerField(_("number of the place"))
    until = models.DateField(_("until before"))

    class Meta:
        verbose_name = _("former place of an entry")
        verbose_name_plural = _("former places of entries")
        indexes = [models.Index(fields=["until", "register", "field"], name="formerplace_until")]

    def __str__(self):
        return f"{self.register} {self.entry}: {self.place} < {self.until}"


def remember(rows, field, stays):
    """Write down where these rows of one register stand, before they go on.

    ``stays``: ``[(number of the place, first day on which it is another one)]``, the oldest first.
    """
    keys, params = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        for place, until in stays:
            cursor.execute(
                f"INSERT INTO {FormerPlace._meta.db_table} (register, field, entry, place, until)"
                f" SELECT %s, %s, pk, %s, %s FROM ({keys}) AS going (pk)",
                [rows.model._meta.label_lower, field, place, until, *params],
            )
