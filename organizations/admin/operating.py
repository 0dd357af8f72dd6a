"""The desk of contracts over facilities, stations and bases."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from linkage.foundation.registers import Questions, Register
from organizations.forms import OperatingContractForm
from organizations.models import OperatingContract


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
