"""The desk of contracts over facilities, stations and bases."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.facilities.codes import OperationMode
from communities.facilities.models import ServiceFacility, Station
from linkage.foundation.ledger import keeping_posts
from linkage.foundation.registers import Questions, Register, beside
from organizations.forms import OperatingContractForm
from organizations.models import IncubationBase, OperatingContract


class FoundFilter(Questions):
    """Who runs by contract, and what becomes of it."""

    QUESTIONS = {
        "standing": (_("in force today"), lambda rows: rows.on()),
        "able": (_("run by a hub organisation or an agency today"), lambda rows: rows.by_hubs_or_agencies()),
        "ends": (_("ends within 90 days"), lambda rows: rows.ends_soon()),
        "ended": (_("ended, and nobody runs it since"), lambda rows: rows.ended_unfollowed()),
        "differs": (_("mode differs from that of the facility"), lambda rows: rows.unlike_the_facility()),
    }


@admin.register(OperatingContract)
class OperatingContractAdmin(Register):
    form = OperatingContractForm
    list_display = ["what", "where", "organization", "mode", "valid_from", "valid_to"]
    list_select_related = ["organization", "facility", "station", "base"]
    list_filter = ["mode", FoundFilter]
    search_fields = ["organization__name__holds", "number__exact"]
    search_help_text = _("Name of the operator or number of the contract")
    autocomplete_fields = ["facility", "station", "base"]
    ordering = ["region__path", "pk"]
    help_source = (
        "出处：重庆2018 二(一)2、二(二)1；河北2021 三(二)：枢纽型社会组织或社会工作服务机构运营孵化机构"
        "与服务平台"
    )
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "facility",
                    "station",
                    "base",
                    "code",
                    ("mode", "number"),
                    "amount",
                    ("valid_from", "valid_to"),
                ],
                "description": _("Choose one of facility, station and incubation base."),
            },
        )
    ]

    @admin.display(description=_("what is run"))
    def what(self, contract):
        return str(contract.thing)


# On the desks of what is run (CQ-2.2.1d: operator and contract period)


THINGS = {ServiceFacility: "facility", Station: "station", IncubationBase: "base"}


def _days(contract):
    last = contract.valid_to or gettext("open end")
    return gettext("%(first)s to %(last)s") % {"first": contract.valid_from, "last": last}


def operators(rows, user):
    """Who runs each of these things by contract today, and until when."""
    thing = THINGS[type(rows[0])]
    contracts = OperatingContract.objects.on().visible_to(user).filter(**{f"{thing}__in": rows})
    return {
        getattr(one, f"{thing}_id"): f"{one.organization.name}（{_days(one)}）"
        for one in contracts.select_related("organization")
    }


def contracts_over(row, user):
    """Every contract over a thing that this person may see, the newest first."""
    thing, today = THINGS[type(row)], timezone.localdate()
    found = OperatingContract.objects.visible_to(user).filter(**{thing: row})
    links = []
    if row.removed_at is None and keeping_posts(user, OperatingContract.duties) and row.is_kept_by(user):
        add = reverse("admin:organizations_operatingcontract_add")
        links = [(_("Enter a contract"), f"{add}?{thing}={row.pk}")]
    lines = [
        (
            reverse("admin:organizations_operatingcontract_change", args=[one.pk]),
            (
                one.organization.name,
                one.get_mode_display(),
                one.number or "—",
                _days(one),
                _("in force today")
                if one.holds_on(today)
                else _("ended")
                if one.valid_to and one.valid_to < today
                else _("begins later"),
            ),
        )
        for one in found.select_related("organization").order_by("-valid_from", "-pk")
    ]
    if not lines and not links:
        return None
    return beside.Section(
        title=OperatingContract._meta.verbose_name_plural,
        heads=(
            _("operator"),
            _("mode of operation"),
            _("number of the contract"),
            _("contract period"),
            _("state"),
        ),
        lines=lines,
        nothing=_("No contract is entered for it."),
        links=links,
    )


def mode_and_contract(facility, user):
    """What the facility says of its running, beside the contract in force."""
    if facility.removed_at is not None or not facility.holds_on(timezone.localdate()):
        return []
    contract = OperatingContract.objects.on().visible_to(user).filter(facility=facility).first()
    said = facility.get_operation_display()
    if contract is not None and facility.operation and facility.operation != contract.mode:
        text = gettext(
            "Entered as run by “%(said)s”, but the contract with %(operator)s in force says “%(mode)s”: "
            "correct one of them 〔重庆2018 二(二)1〕."
        )
        facts = {"operator": contract.organization.name, "mode": contract.get_mode_display()}
        return [text % {"said": said, **facts}]
    kept = keeping_posts(user, OperatingContract.duties)
    if contract is None and kept and facility.operation not in ("", OperationMode.DIRECT):
        text = gettext("Entered as run by “%s”, but no contract with an operator is in force.")
        return [text % said]
    return []


for model in THINGS:
    beside.column(model, "run_by", _("operator and contract period"), operators)
    beside.section(model, contracts_over)
beside.remark(ServiceFacility, mode_and_contract)
