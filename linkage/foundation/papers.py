"""Files kept with a row of a register: the scan or the document it was entered from."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .ledger import Entry

MOST = 10  # of one row


class Paper(Entry):
    """A file of the row at ``entry``, which reaches it as ``papers``.

    It comes in through the gate of ``uploads`` and is told and taken out with the row it belongs to; what is
    taken out keeps its file, so that it can be put back.
    """

    upload_column = "stored"
    untold = ("stored", "content_type", "size", "sha256")

    name = models.CharField(_("file name"), max_length=150, editable=False)
    stored = models.CharField(max_length=100, unique=True, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["entry_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="%(class)s_once",
                violation_error_message=_("This file is here already."),
            ),
            models.CheckConstraint(name="%(class)s_is_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self):
        return self.name
