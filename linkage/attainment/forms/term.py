"""The form of a coverage term: always a new version."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linkage.attainment.models import CoverageTerm
from linkage.attainment.services import terms
from linkage.policy.models import PolicyDocument
from projects.models import Programme


class CoverageTermForm(forms.ModelForm):
    user = None  # whose form it is; the admin says so

    class Meta:
        model = CoverageTerm
        fields = ["term", "value", "document", "programme", "region", "valid_from", "basis"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, model in (("document", PolicyDocument), ("programme", Programme)):
            if name in self.fields:
                self.fields[name].queryset = model.objects.visible_to(self.user)

    def clean(self):
        """All that can be wrong is told on the form; the verb checks it again."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        draft = CoverageTerm(**cleaned)
        if not terms.may_set(self.user, draft):
            raise ValidationError(_("Set it for a document, a programme or a place that lies under you."))
        if flaw := terms.too_early(draft):
            raise flaw
        return cleaned
