"""What an assembly must reach: looked up by everybody with a post, set anew by administrators."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from communities.consultation.models import AssemblyRule
from communities.consultation.services import assembly_rules
from linkage.foundation.admin import Versioned


class AssemblyRuleForm(forms.ModelForm):
    user = None  # whose form it is; the admin says so

    class Meta:
        model = AssemblyRule
        fields = [
            *("body", "region", "valid_from", "quorum", "quorum_above", "majority", "majority_above", "base"),
            *("call_days", "source", "verified"),
        ]

    def clean(self):
        """All that can be wrong is told on the form; the verb checks it again."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        draft = AssemblyRule(**cleaned)
        if not assembly_rules.may_set(self.user, draft.region):
            raise ValidationError({"region": _("Choose a place that lies under you.")})
        if flaw := assembly_rules.too_early(draft):
            raise flaw
        return cleaned


@admin.register(AssemblyRule)
class AssemblyRuleAdmin(Versioned, ModelAdmin):
    """Which meeting counts, by body and place."""

    form = AssemblyRuleForm
    list_display = ["body", "set_for", "valid_from", "demands", "checked", "source", "set_by"]
    list_select_related = ["region", "set_by"]
    list_filter = ["body", "verified"]
    search_fields = ["source"]
    autocomplete_fields = ["region"]
    show_full_result_count = False

    def save_model(self, request, obj, form, change):
        assembly_rules.set_rule(obj, by=request.user)

    @admin.display(description=_("what is asked"))
    def demands(self, row):
        return row.rule.demands

    @admin.display(description=_("set for"), ordering="region__path")
    def set_for(self, row):
        return row.region or _("everywhere")

    @admin.display(description=_("state"), ordering="verified")
    def checked(self, row):
        return _("compared with the text") if row.verified else _("still to be verified")
