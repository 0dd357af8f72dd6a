"""The desk of volunteers, and the printed certificate of what they have done."""

from decimal import Decimal

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, OuterRef, Subquery
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from communities.models import Level
from communities.people.admin.role import RoleRegister
from linkage.foundation import keeping
from linkage.foundation.errors import TooOften
from linkage.foundation.registers import Questions, beside, pairs
from organizations.codes import QualificationLevel
from socialwork.codes import Preference
from socialwork.models import Certificate, RecruitmentPosting
from socialwork.models.worker import by_level
from socialwork.volunteers import services
from socialwork.volunteers.admin.parts import CertificateLines, MembershipLines, RecordLines, issued_under
from socialwork.volunteers.admin.verbs import ByVerb
from socialwork.volunteers.forms import CertifyForm, VolunteerForm
from socialwork.volunteers.models import ServiceCertificate, Volunteer, star_choices


class StarFilter(admin.SimpleListFilter):
    title = _("stars")
    parameter_name = "stars"

    def lookups(self, request, model_admin):
        return [(str(number), stars) for number, stars in star_choices()]

    def queryset(self, request, queryset):
        known = {str(number): number for number, _stars in star_choices()}
        return queryset.of_stars(known[self.value()]) if self.value() in known else queryset


class RegisteredFilter(admin.SimpleListFilter):
    title = _("registration of the volunteer")
    parameter_name = "registered"

    def lookups(self, request, model_admin):
        return [("1", _("registered today")), ("0", _("registration ended"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        if self.value() == "1":
            return queryset.registered(today)
        return queryset.filter(ended_on__lte=today) if self.value() == "0" else queryset


class FoundFilter(Questions):
    """Whom the documents name among volunteers."""

    QUESTIONS = {
        "leading": (_("goes ahead: cadre, committee, staff, grid"), lambda rows: rows.leading()),
        "preferred": (_("to be preferred for posts: passed and registered"), None),
    }

    def queryset(self, request, queryset):
        """A certificate kept elsewhere is not told by this list."""
        if self.value() == "preferred":
            known = Certificate.objects.visible_to(request.user)
            return queryset.preferred_for_posts(known=known)
        return super().queryset(request, queryset)


@admin.register(Volunteer)
class VolunteerAdmin(ByVerb, RoleRegister):
    form = VolunteerForm
    list_display = ["name", "number", "where", "stars_shown", "hours_shown", "tag_words", "phone_shown"]
    list_filter = [StarFilter, FoundFilter, "tags", "is_resident", RegisteredFilter]
    list_select_related = ["person", "total"]
    search_fields = ["name__holds", "number__exact"]
    search_help_text = _("Name or a part of it, or the whole volunteer number")
    autocomplete_fields = ["region"]
    ordering = ["region__path", "pk"]
    actions_detail = ["certify_here"]
    readonly_fields = [*RoleRegister.readonly_fields, "guardian_phone_shown", "number", "hours_shown"]
    SHOWN = {**RoleRegister.SHOWN, "guardian_phone": "guardian_phone_shown"}
    help_source = (
        "出处：甘肃2016 四(三)、威海2015 三(四)；河北2021 三(五)：带头加入志愿者队伍、"
        "通过职业水平考试并经登记的优先录用（均可在筛选中查找）；志愿服务条例第七条、第二十条，"
        "个人信息保护法第三十一条，MZ/T 061—2015"
    )
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "phone"),
                    ("id_type", "id_number"),
                    ("born_on", "region"),
                    ("registered_on", "consented_on"),
                    ("is_resident", "may_publish"),
                    "tags",
                    "skills",
                    "available",
                    "ended_on",
                ]
            },
        ),
        (
            _("Guardian of a minor"),
            {
                "description": _("Only for volunteers under 18; under 14 with the consent to the data too."),
                "fields": [
                    ("guardian_name", "guardian_phone"),
                    ("guardian_relation", "guardian_consent_on"),
                    "data_consent_on",
                ],
            },
        ),
    ]
    inlines = [RecordLines, MembershipLines, CertificateLines]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_readonly_fields(self, request, obj=None):
        read = obj is not None and obj.person.number_tells
        return [*super().get_readonly_fields(request, obj), *(["born_on"] if read else [])]

    def get_fieldsets(self, request, obj=None):
        shape = super().get_fieldsets(request, obj)
        if obj is None:
            return shape
        title, about = shape[0]
        return [(title, {**about, "fields": [("number", "hours_shown"), *about["fields"]]}), *shape[1:]]

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            services.register(obj, by=request.user)

    @admin.display(description=_("stars"))
    def stars_shown(self, row):
        return "★" * row.stars or "—"

    @admin.display(description=_("verified hours"), ordering="total__hours")
    def hours_shown(self, row):
        return f"{Decimal(row.hours).normalize():f}"

    @admin.display(description=_("volunteer is also"))
    def tag_words(self, row):
        return row.get_tags_labels() or "—"

    @admin.display(description=_("telephone of the guardian"))
    def guardian_phone_shown(self, row):
        return row.masked("guardian_phone") or "—"

    def doubles(self, request):
        rows = Volunteer.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (rows, ["person"], gettext("the same identity number, entered in two places")),
                (rows.exclude(phone_hash=""), ["name", "phone_hash"], gettext("same name and telephone")),
                (rows, ["name", "born_on", "region"], gettext("same name and birth date in the same place")),
            ],
        )

    # The certificate of service record

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path(
                "<path:object_id>/certificate/<int:certificate_id>/",
                view(self.certificate_view),
                name="volunteers_volunteer_certificate",
            )
        ]
        return own + super().get_urls()

    def has_certify_permission(self, request, obj=None):
        return self.has_add_permission(request)

    @action(
        description=_("Issue certificate of service"),
        url_path="certify",
        permissions=["certify"],
        icon="workspace_premium",
    )
    def certify_here(self, request, object_id):
        row = self._row_or_404(request, object_id)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        form = CertifyForm(request.POST if request.method == "POST" else None, row=row)
        if form.is_bound and form.is_valid():
            try:
                issued = services.certify(row, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Issued: %s") % issued.number)
                return HttpResponseRedirect(
                    reverse("admin:volunteers_volunteer_certificate", args=[row.pk, issued.pk])
                )
        response = self._page(
            request,
            "verb",
            _("Certificate of service record"),
            row=row,
            form=form,
            groups=[("", list(form))],
            label=_("Issue"),
            about=_(
                "It says the services your office and those below have recorded and verified. It gets a "
                "number, and what it says does not change any more 〔民政部令67号〕."
            ),
            back=reverse("admin:volunteers_volunteer_change", args=[row.pk]),
        )
        response.status_code = 422 if form.is_bound else 200
        return response

    def certificate_view(self, request, object_id, certificate_id):
        """The sheet to print. The full number of the paper only by POST, with its row in the journal."""
        row = self._row_or_404(request, object_id)
        issued = ServiceCertificate.objects.filter(issued_under(request.user))
        certificate = issued.filter(pk=certificate_id, volunteer=row).first()
        if certificate is None or not self.has_view_permission(request, row):
            raise Http404
        paper, problem, status = row.masked("id_number"), "", 200
        if request.method == "POST":
            reason = gettext("Certificate of service record %s") % certificate.number
            try:
                paper = keeping.reveal(row, "id_number", by=request.user, reason=reason)
            except TooOften as error:
                problem, status = str(error), 429
        response = TemplateResponse(
            request,
            "volunteers/certificate.html",
            {
                "certificate": certificate,
                "volunteer": row,
                "paper": paper,
                "problem": problem,
                "may_reveal": self.has_change_permission(request, row),
                "full": request.method == "POST" and not problem,
                "back": reverse("admin:volunteers_volunteer_change", args=[row.pk]),
            },
            status=status,
        )
        response["Cache-Control"] = "no-store"
        return response


# On the page of a recruitment posting (HB-3.5d)

SHOWN = 20  # of those to be preferred; the list has all of them


def preferred(posting, user):
    """Whom a posting that prefers volunteers is to prefer: of the county it lies in, as far as one sees."""
    if Preference.VOLUNTEER not in posting.preferences:
        return None
    county = next((one for one in posting.region.ancestors if one.level == Level.COUNTY), posting.region)
    known = Certificate.objects.visible_to(user)
    rows = Volunteer.objects.visible_to(user).within(county).preferred_for_posts(known=known)
    papers = known.registered().filter(person=OuterRef("person")).order_by(by_level(), "-passed_on")
    found = rows.annotate(level=Subquery(papers.values("level")[:1])).select_related("region", "total")
    lines = [
        (
            reverse("admin:volunteers_volunteer_change", args=[row.pk]),
            (
                row.name,
                row.region.name,
                QualificationLevel(row.level).label,
                f"{Decimal(row.hours).normalize():f}",
                "★" * row.stars or "—",
            ),
        )
        for row in found.order_by(F("total__hours").desc(nulls_last=True), "pk")[:SHOWN]
    ]
    everyone = reverse("admin:volunteers_volunteer_changelist")
    return beside.Section(
        title=_("Volunteers to be preferred"),
        about=_(
            "Volunteers of this county who have passed the examination and are registered: preferred among "
            "equals 〔河北2021 三(五)〕. Most hours first."
        ),
        heads=(
            _("name"),
            _("community"),
            _("registered certificate"),
            _("verified hours"),
            _("stars"),
        ),
        lines=lines,
        nothing=_("There is nobody among the volunteers you see."),
        links=[(_("All in the register"), f"{everyone}?found=preferred")] if lines else [],
    )


beside.section(RecruitmentPosting, preferred)
