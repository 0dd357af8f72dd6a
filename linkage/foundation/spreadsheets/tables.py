"""What is kept of an import: the file as it was handed in, its rows as they were read, what was decided."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from linkage.foundation.fields import EncryptedTextField


class SheetImportQuerySet(models.QuerySet):
    def of(self, user):
        """The imports this person began; nobody sees those of others."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()


class SheetImport(models.Model):
    """One table on its way into a register: handed in, read and checked, then imported or given up."""

    class State(models.TextChoices):
        READING = "reading", _("Being checked")
        MAPPING = "mapping", _("Columns to be named")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Being imported")
        APPLIED = "applied", _("Imported")
        REFUSED = "refused", _("Not taken")
        GIVEN_UP = "given_up", _("Given up")

    register = models.CharField(_("register"), max_length=80)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sheet_imports")
    name = models.CharField(_("file"), max_length=150)
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=100, blank=True)  # sealed; empty once it is no longer kept
    sheets = models.JSONField(default=list)  # [[number, name, visible], …]
    sheet = models.PositiveSmallIntegerField(default=0)
    date1904 = models.BooleanField(default=False)
    # Where the table begins and what its headings are: {"first": row, "headings": [text, …]}
    head = models.JSONField(default=dict, blank=True)
    mapping = models.JSONField(default=list, blank=True)  # of each column: the name of ours, "" for none
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.READING)
    reason = models.TextField(_("reason"), blank=True)
    good_only = models.BooleanField(_("good rows only"), default=False)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("unchanged"), default=0)
    wrong = models.PositiveIntegerField(_("wrong"), default=0)
    job = models.ForeignKey("foundation.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    sealed_with = models.CharField(max_length=40, blank=True)  # cipher and key of what is staged
    created_at = models.DateTimeField(_("handed in at"), db_default=Now())
    begun_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    applied_at = models.DateTimeField(_("imported at"), null=True, blank=True)

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import of a table")
        verbose_name_plural = _("imports of tables")
        indexes = [
            models.Index(fields=["owner", "-id"], name="sheetimport_of_owner"),
            models.Index(fields=["created_at"], name="sheetimport_old"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sheetimport_applied_with_a_time",
                condition=models.Q(state="applied", applied_at__isnull=False)
                | (~models.Q(state="applied") & models.Q(applied_at__isnull=True)),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_under_way(self):
        return self.state in (self.State.READING, self.State.APPLYING)

    @property
    def sheet_name(self):
        return next((name for number, name, _seen in self.sheets if number == self.sheet), "")

    @property
    def seconds(self):
        """How long the check took; None while it is not over."""
        if not (self.begun_at and self.checked_at):
            return None
        return (self.checked_at - self.begun_at).total_seconds()


class StagedRow(models.Model):
    """One row of the table, typed and judged. What is personal is sealed for the column it goes to."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Unchanged")
        WRONG = "wrong", _("Wrong")

    sheet_import = models.ForeignKey(SheetImport, models.CASCADE, related_name="staged", db_index=False)
    number = models.PositiveIntegerField()  # the row of the sheet
    outcome = models.CharField(max_length=7, choices=Outcome)
    target = models.BigIntegerField(null=True)  # the row of the register it is
    place = models.BigIntegerField(null=True)  # the place it will be kept at
    key = models.CharField(max_length=40, blank=True, db_collation="C")  # digest of what it is known by
    values = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # what will be written, by column
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # what stands in those columns
    beside = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # what goes to other tables
    shown = models.JSONField(default=list)  # the cells as the preview shows them, numbers masked
    was = models.JSONField(null=True)  # {place in shown: what it was}
    problems = models.JSONField(null=True)  # [[place in shown or null, sentence], …]
    cells = EncryptedTextField(blank=True, default="")  # a wrong row as it was typed, for the error file

    class Meta:
        ordering = ["sheet_import_id", "number"]
        verbose_name = _("row of a table")
        verbose_name_plural = _("rows of tables")
        constraints = [
            models.UniqueConstraint(fields=["sheet_import", "number"], name="stagedrow_once"),
        ]
        indexes = [
            models.Index(fields=["sheet_import", "outcome", "number"], name="stagedrow_by_outcome"),
        ]

    def __str__(self):
        return f"{self.sheet_import_id} / {self.number}"


class RememberedHeading(models.Model):
    """What a heading of the tables of one place means: named once, known from then on."""

    place = models.CharField(max_length=120, db_collation="C")  # path of the home of who named it
    register = models.CharField(max_length=80)
    heading = models.CharField(max_length=200)
    column = models.CharField(max_length=60, blank=True)  # empty: of no interest
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("remembered heading")
        verbose_name_plural = _("remembered headings")
        constraints = [
            models.UniqueConstraint(fields=["place", "register", "heading"], name="rememberedheading_once"),
        ]

    def __str__(self):
        return self.heading
