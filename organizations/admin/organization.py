"""The desk of social organisations."""

from itertools import combinations

from django.contrib import admin
from django.db.models import Count, Q
from django.db.models.functions import Substr
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from linkage.foundation.registers import Questions, Register, pairs
from organizations import rules, services
from organizations.admin import parts
from organizations.admin.steps import Steps
from organizations.codes import CommonCategory, Grade, OrgSubtype
from organizations.forms import ChangeStatusForm, MoveTierForm, SocialOrganizationForm
from organizations.models import SocialOrganization, SupportPolicy

PAIRS = 100  # of possible doubles that are shown


class TypeFilter(admin.SimpleListFilter):
    title = _("types")
    parameter_name = "type"

    def lookups(self, request, model_admin):
        return OrgSubtype.choices

    def queryset(self, request, queryset):
        return queryset.of_type(self.value()) if self.value() in OrgSubtype.values else queryset


def _in_common(code):
    return lambda rows: rows.in_common_category(code)


class CommonFilter(Questions):
    """The common category, whichever scheme the organisation was sorted by (§5.6)."""

    title = _("common category")
    parameter_name = "common"
    QUESTIONS = {code: (label, _in_common(code)) for code, label in CommonCategory.choices}


def _rated(grade):
    return lambda rows: rows.rated(at_least=grade)


class RatedFilter(Questions):
    """A rating in force today: of any grade, or of one and those above it."""

    title = _("rating in force")
    parameter_name = "rated"
    QUESTIONS = {
        "any": (_("any grade"), lambda rows: rows.rated()),
        **{
            grade.value: (format_lazy("{}{}", grade.value, _(" and above")), _rated(grade))
            for grade in (Grade.A3, Grade.A4)
        },
        Grade.A5.value: (Grade.A5.value, _rated(Grade.A5)),
    }


class FoundFilter(Questions):
    """What the documents ask organisations to be, each as a list."""

    QUESTIONS = {
        "direct": (_("registered directly"), lambda rows: rows.registered_directly()),
        "street": (_("founded by a street or township"), lambda rows: rows.founded_by_streets()),
        "hosting": (_("hosts a social-work agency"), lambda rows: rows.hosting_agencies()),
        "hub": (_("hub organisations and federations"), lambda rows: rows.hubs()),
        "charity": (_("charitable organisations at work"), lambda rows: rows.charities()),
    }


class ToDoFilter(Questions):
    """What is missing: each of the questions of the register as a list."""

    title = _("to be done")
    parameter_name = "todo"

    QUESTIONS = {
        "party": (_("Party organisation to be built"), lambda rows: rows.party_gap()),
        "clause": (_("charter without Party building"), lambda rows: rows.without_party_clause()),
        "filing": (_("filing ends or has ended"), lambda rows: rows.filing_to_renew()),
        "rating": (_("rating ends within 90 days"), lambda rows: rows.rating_ends_soon()),
        "rating_ended": (_("rating has ended"), lambda rows: rows.rating_ended()),
        "inspection": (
            _("not inspected for last year"),
            lambda rows: rows.not_inspected(timezone.localdate().year - 1),
        ),
    }


@admin.register(SocialOrganization)
class SocialOrganizationAdmin(Steps, Register):
    form = SocialOrganizationForm
    list_display = ["name", "where", "tier", "type_words", "common", "status", "uscc", "full", "part"]
    list_filter = [
        "tier",
        "status",
        "legal_form",
        "is_community_org",
        "public_fundraising",
        TypeFilter,
        CommonFilter,
        RatedFilter,
        FoundFilter,
        ToDoFilter,
    ]
    search_fields = ["name__holds", "uscc__startswith", "filing_number__exact"]
    search_help_text = _("Name, beginning of the credit code, or filing number")
    autocomplete_fields = ["region", "filing_street", "founded_by_street"]
    ordering = ["region__path", "pk"]
    actions_detail = ["add_employee", "move_tier", "change_status"]
    help_source = (
        "出处：重庆2018 二(二)2、甘肃2016 二、四(二)、河北2021 二、三(一)(二)、"
        "威海2015 三(一)(二)、渝中2016 二(二)。可按条款查找：直接登记（甘肃2016 四(二)、重庆2018 二(二)2）、"
        "接纳民办社工机构（甘肃2016 二(二)）、街道（镇）创建（威海2015 三(三)3）、枢纽型组织与联合会"
        "（河北2021 三(二)）、慈善组织（河北2021 三(二)）"
    )
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "region",
                    "name",
                    ("tier", "status"),
                    ("legal_form", "uscc"),
                    "subtypes",
                    ("is_community_org", "established_on"),
                    ("leader_name", "leader_phone"),
                    "address",
                    "external_id",
                ]
            },
        ),
        (
            _("Registration and filing"),
            {
                "classes": ["tab"],
                "fields": [
                    ("registered_on", "registration_authority"),
                    ("direct_registration", "supervisory_unit"),
                    "initial_funds",
                    ("filing_number", "filing_street"),
                    ("filed_on", "filing_valid_to"),
                ],
            },
        ),
        (
            _("What it does"),
            {
                "classes": ["tab"],
                "fields": [
                    "domains",
                    "service_targets",
                    "scale",
                    ("individual_members", "unit_members"),
                    "membership",
                    "business_scope",
                    "founded_by_street",
                ],
            },
        ),
        (
            _("Party building and charity"),
            {
                "classes": ["tab"],
                "fields": [
                    ("party_members", "leader_recommended"),
                    ("charter_adopted_on", "charter_party_clause"),
                    ("is_charity", "charity_since"),
                    "public_fundraising",
                ],
            },
        ),
    ]
    inlines = [
        parts.CategoryLines,
        parts.ServedLines,
        parts.EmploymentLines,
        parts.PartyLines,
        parts.HostedLines,
        parts.MemberLines,
        parts.RatingLines,
        parts.InspectionLines,
        parts.CreditLines,
        parts.PenaltyLines,
        parts.SupportLines,
        parts.PerformanceLines,
        parts.ContractLines,
        parts.MoveLines,
        parts.StatusLines,
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        listed = request.resolver_match and request.resolver_match.url_name.endswith("_changelist")
        return rows.with_staff().with_common_categories() if listed else rows

    def get_readonly_fields(self, request, obj=None):
        """Tier and status are said once; from then on they change by a step with a reason."""
        return ["tier", "status"] if obj else []

    def get_inlines(self, request, obj):
        """What only some organisations have is shown only there; what grows later, not at the beginning."""
        if obj is None:
            return [parts.CategoryLines, parts.ServedLines]
        hidden = set()
        if not set(obj.subtypes) & set(rules.HUBS):
            hidden.add(parts.MemberLines)
        if OrgSubtype.SW_AGENCY not in obj.subtypes:
            hidden |= {parts.PerformanceLines}
        else:
            hidden |= {parts.HostedLines}
        return [part for part in self.inlines if part not in hidden]

    @admin.display(description=_("types"))
    def type_words(self, row):
        return row.get_subtypes_labels() or "—"

    @admin.display(description=_("common category"))
    def common(self, row):
        return "、".join(CommonCategory(code).label for code in row.common_categories) or "—"

    @admin.display(description=_("full time"))
    def full(self, row):
        return row.full_time

    @admin.display(description=_("part time"))
    def part(self, row):
        return row.part_time

    # Steps

    @action(description=_("Move to another tier"), url_path="tier", permissions=["keep"], icon="swap_vert")
    def move_tier(self, request, object_id):
        row = self._row_or_404(request, object_id)
        return self._step(
            request,
            object_id,
            MoveTierForm,
            services.move_tier,
            title=_("Move to another tier"),
            label=_("Do it"),
            done=_("Moved. The step stands in the history of the organisation."),
            about=_(
                "From the roster of the community to the filing of the street and on to registration; "
                "back where a filing or a registration is cancelled."
            ),
            now=row.get_tier_display(),
        )

    @action(
        description=_("Change status"), url_path="status", permissions=["keep"], icon="published_with_changes"
    )
    def change_status(self, request, object_id):
        return self._step(
            request,
            object_id,
            ChangeStatusForm,
            services.change_status,
            title=_("Change status"),
            label=_("Do it"),
            done=_("Changed. The step stands in the history of the organisation."),
        )

    @action(description=_("Add employee"), url_path="employee", permissions=["keep"], icon="person_add")
    def add_employee(self, request, object_id):
        row = self._row_or_404(request, object_id)
        return HttpResponseRedirect(f"{reverse('admin:organizations_employment_add')}?organization={row.pk}")

    # Doubles

    def doubles(self, request):
        """Same name in one county, or the same telephone of the leader; each pair with its reasons."""
        rows = SocialOrganization.objects.kept_by(request.user)
        found = {}
        for reason, groups in (
            (gettext("the same name in the same county"), _same_name(rows)),
            (gettext("the same telephone of the leader"), _same_phone(rows)),
        ):
            for keys in groups:
                for pair in combinations(sorted(keys), 2):
                    found.setdefault(pair, []).append(reason)
                    if len(found) >= PAIRS:
                        break
        pairs = sorted(found, key=lambda pair: (-len(found[pair]), pair))[:PAIRS]
        names = rows.select_related("region").in_bulk({key for pair in pairs for key in pair})
        return [
            (
                names[one],
                names[other],
                [*found[one, other], f"{names[one].region} / {names[other].region}"],
            )
            for one, other in pairs
        ]


def _same_name(rows):
    """Keys of organisations with one name in one county. Names are kept without blanks."""
    county = Substr("region__path", 1, 15)
    return _groups(rows.annotate(county=county), "county", "name")


def _same_phone(rows):
    return _groups(rows.exclude(leader_phone_hash=""), "leader_phone_hash")


def _groups(rows, *by):
    """``[keys]`` of the rows that agree in ``by``, where there are several."""
    shared = rows.order_by().values(*by).annotate(rows=Count("pk")).filter(rows__gt=1)[:PAIRS]
    same = Q(pk__in=[])
    for group in shared:
        same |= Q(**{name: group[name] for name in by})
    keys = {}
    for row in rows.filter(same).order_by().values("pk", *by)[: PAIRS * 5]:
        keys.setdefault(tuple(row[name] for name in by), []).append(row["pk"])
    return keys.values()


@admin.register(SupportPolicy)
class SupportPolicyAdmin(Register):
    list_display = ["title", "where", "paper", "doc_no", "kind_words", "valid_from", "valid_to"]
    list_filter = ["paper"]
    search_fields = ["title__contains", "doc_no__contains"]
    search_help_text = _("Title, or number of the document")
    autocomplete_fields = ["region"]
    fields = ["region", "paper", "title", "doc_no", "kinds", "content", ("valid_from", "valid_to")]
    help_source = "出处：重庆2018 二(二)2、甘肃2016 四(二)"

    @admin.display(description=_("kinds of support"))
    def kind_words(self, row):
        return row.get_kinds_labels() or "—"

    def doubles(self, request):
        rows = SupportPolicy.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (
                    rows.exclude(doc_no=""),
                    ["region", "doc_no"],
                    gettext("the same document number in the same place"),
                ),
            ],
        )
