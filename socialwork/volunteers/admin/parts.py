"""What hangs on a volunteer, a team and an activity, as lines on their forms."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from linkage.foundation.admin import ReadOnly
from linkage.foundation.ledger import places_of, reading_posts
from linkage.foundation.registers import Lines
from socialwork.forms import ApartFormSet, SpanForm
from socialwork.volunteers.codes import RecordState
from socialwork.volunteers.forms import RecordFormSet, RecordLineForm
from socialwork.volunteers.models import ServiceCertificate, ServiceRecord, TeamMembership

COLOURS = {
    RecordState.UNVERIFIED: "warning",
    RecordState.VERIFIED: "success",
    RecordState.REVERSED: "danger",
}
NEWEST = 20


class ToRead(Lines):
    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission


class RecordLines(ToRead):
    """The newest services of a volunteer, as far as one may see them; more in the list of records."""

    model = ServiceRecord
    per_page = NEWEST
    fields = ["when", "time", "content", "venue", "standing"]
    readonly_fields = ["when", "time", "standing"]
    ordering = ["-started_at", "-pk"]
    show_change_link = True
    verbose_name_plural = _("service records")

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user).select_related("volunteer")

    @admin.display(description=_("time of service"))
    def when(self, record):
        return record.span

    @admin.display(description=_("standing"))
    def standing(self, record):
        return record.state.label

    @admin.display(description=_("hours of service"))
    def time(self, record):
        return record.hours_shown


class MembershipLines(ToRead):
    model = TeamMembership
    fields = ["team", "role", "valid_from", "valid_to"]
    ordering = ["-valid_from", "pk"]
    verbose_name_plural = _("teams")


class MemberFormSet(ApartFormSet):
    alike = ("volunteer_id",)


class MemberLines(Lines):
    model = TeamMembership
    form = SpanForm
    formset = MemberFormSet
    per_page = NEWEST
    fields = ["volunteer", "role", "valid_from", "valid_to"]
    autocomplete_fields = ["volunteer"]
    ordering = ["-valid_from", "pk"]
    verbose_name = verbose_name_plural = _("members")


def issued_under(user):
    """Certificates whose issuer lies at or under a place of this person."""
    return places_of(reading_posts(user, ServiceRecord.duties), "region__path")


class CertificateLines(ReadOnly, TabularInline):
    """The certificates that were issued under one's places, each to be printed again.

    One of an office above says services of other places.
    """

    model = ServiceCertificate
    fields = ["printed", "first_day", "last_day", "hours", "issuer", "issued_on", "issued_by"]
    readonly_fields = ["printed", "issued_on"]
    extra = 0
    tab = True
    hide_title = True
    verbose_name_plural = _("certificates of service")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(issued_under(request.user))

    def has_view_permission(self, request, obj=None):
        return bool(reading_posts(request.user, ServiceRecord.duties))

    @admin.display(description=_("number of the certificate of service"))
    def printed(self, certificate):
        address = reverse(
            "admin:volunteers_volunteer_certificate", args=[certificate.volunteer_id, certificate.pk]
        )
        return format_html(
            '<a class="font-medium text-primary-600" href="{}">{}</a>', address, certificate.number
        )

    @admin.display(description=_("issued on the day"))
    def issued_on(self, certificate):
        return timezone.localtime(certificate.issued_at).date()


class ToVerifyLines(Lines):
    """Who served in the activity: written here for all at once, until a second person verifies it."""

    model = ServiceRecord
    form = RecordLineForm
    formset = RecordFormSet
    per_page = NEWEST
    fk_name = "activity"
    fields = ["volunteer", "hours", "started_at", "ended_at", "evaluation"]
    autocomplete_fields = ["volunteer"]
    ordering = ["started_at", "pk"]
    verbose_name = _("service record")
    verbose_name_plural = _("to be verified")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(verified_at__isnull=True)


class VerifiedLines(ToRead):
    model = ServiceRecord
    per_page = NEWEST
    fk_name = "activity"
    fields = ["volunteer", "when", "time", "standing", "recorded_by", "verified_by"]
    readonly_fields = ["when", "time", "standing", "recorded_by", "verified_by"]
    ordering = ["started_at", "pk"]
    show_change_link = True
    verbose_name_plural = _("verified")

    def get_queryset(self, request):
        rows = super().get_queryset(request).filter(verified_at__isnull=False)
        return rows.select_related("volunteer", "recorded_by", "verified_by")

    when = RecordLines.when
    time = RecordLines.time
    standing = RecordLines.standing
