"""The desk of social workers."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from communities.people.admin.role import RoleRegister
from linkage.foundation.registers import beside, pairs
from organizations.codes import QualificationLevel
from organizations.models import Employment
from socialwork import rules
from socialwork.admin import parts
from socialwork.codes import RegistrationStatus
from socialwork.forms import OnceForm
from socialwork.models import Certificate, SocialWorker


class RegistrationFilter(admin.SimpleListFilter):
    """有效, 待再登记, 过期 (§5.4)."""

    title = _("registration of the certificate")
    parameter_name = "registration"

    def lookups(self, request, model_admin):
        return RegistrationStatus.choices

    def queryset(self, request, queryset):
        if self.value() in RegistrationStatus.values:
            return queryset.whose_registration_is(self.value())
        return queryset


class CertifiedFilter(admin.SimpleListFilter):
    title = _("certificate")
    parameter_name = "certified"

    def lookups(self, request, model_admin):
        return [*QualificationLevel.choices, ("none", _("no certificate"))]

    def queryset(self, request, queryset):
        held = Certificate.objects.held().filter(worker=OuterRef("pk"))
        if self.value() == "none":
            return queryset.filter(~Exists(held))
        if self.value() in QualificationLevel.values:
            return queryset.filter(Exists(held.filter(level=self.value())))
        return queryset


class HereFilter(admin.SimpleListFilter):
    title = _("at work")
    parameter_name = "here"

    def lookups(self, request, model_admin):
        return [("1", _("at work today")), ("0", _("has left"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        if self.value() == "1":
            return queryset.on(today)
        return queryset.filter(left_on__lte=today) if self.value() == "0" else queryset


@admin.register(SocialWorker)
class SocialWorkerAdmin(RoleRegister):
    form = OnceForm
    list_display = ["name", "where", "level", "registration", "home", "tier", "phone_shown", "left_on"]
    list_filter = [CertifiedFilter, RegistrationFilter, "tier", HereFilter]
    search_fields = ["name__holds"]
    search_help_text = _("Name or a part of it, or the whole number of a certificate")
    autocomplete_fields = ["region"]
    ordering = ["region__path", "pk"]
    help_source = (
        "出处：重庆2018 一(三)、二(二)3、三(三)，甘肃2016 四(三)，河北2021 三(五)，威海2015 三(三)1，"
        "渝中2016 二(三)；证书登记与继续教育：民发〔2009〕44号、民发〔2009〕123号"
    )
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "phone"),
                    ("id_type", "id_number"),
                    ("region", "tier"),
                    ("started_on", "left_on"),
                    ("politics", "external_id"),
                    "note",
                ]
            },
        ),
    ]
    inlines = [
        parts.CertificateLines,
        parts.RegistrationLines,
        parts.AssignmentLines,
        parts.EducationLines,
        parts.ContinuingEducationLines,
        parts.HoldingLines,
        parts.OfficeLines,
        parts.ExamLines,
        parts.AwardLines,
        parts.ConversionLines,
    ]
    AT_FIRST = (parts.CertificateLines, parts.AssignmentLines, parts.EducationLines)

    def get_inlines(self, request, obj):
        """At first what everybody has; the rest grows later, and a registration needs a saved certificate."""
        return self.inlines if obj else self.AT_FIRST

    def get_search_results(self, request, queryset, search_term):
        """Digits are the number of a certificate, anything else is a name: each is found by its index."""
        number = "".join(search_term.split()).upper()
        if not any(character.isdigit() for character in number):
            return super().get_search_results(request, queryset, search_term)
        if "\0" in number:
            return queryset.none(), False
        return queryset.filter(pk__in=Certificate.objects.filter(number=number).values("worker")), False

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        listed = request.resolver_match and request.resolver_match.url_name.endswith("_changelist")
        return rows.with_qualification().with_home() if listed else rows

    @admin.display(description=_("highest certificate"))
    def level(self, row):
        return QualificationLevel(row.level).label if row.level else "—"

    @display(description=_("registration of the certificate"), label=parts.COLOURS)
    def registration(self, row):
        if row.registered_until is None:
            return None
        status = rules.registration_status(row.registered_until, timezone.localdate())
        return status, status.label

    @admin.display(description=_("counts in"))
    def home(self, row):
        return row.home or "—"

    def doubles(self, request):
        rows = SocialWorker.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (rows, ["person"], gettext("the same identity number, entered in two places")),
                (rows.exclude(phone_hash=""), ["name", "phone_hash"], gettext("same name and telephone")),
                (rows, ["name", "region"], gettext("same name in the same place")),
            ],
        )


def employed_at(worker, user):
    """Where this person works by the registers of organisations, as far as one sees them."""
    found = Employment.objects.visible_to(user).filter(person=worker.person_id)
    lines = [
        (
            reverse("admin:organizations_employment_change", args=[one.pk]),
            (
                one.organization.name,
                one.get_kind_display(),
                one.position or "—",
                one.valid_from or "—",
                one.valid_to or _("to this day"),
            ),
        )
        for one in found.select_related("organization").order_by("-valid_from", "-pk")
    ]
    if not lines:
        return None
    return beside.Section(
        title=_("Employed at organisations"),
        heads=(_("social organisation"), _("full or part time"), _("position"), _("from"), _("to")),
        lines=lines,
    )


beside.section(SocialWorker, employed_at)
