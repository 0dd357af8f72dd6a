"""The sheet of the experts: its criteria as lines, the points of one project, recusal."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import LinesField

LINE = re.compile(r"(.+?)[\s:：,，]+(\d{1,3})\s*分?")
USUAL = "\n".join(["需求分析 20", "服务设计 30", "专业力量 20", "预算合理 15", "预期成效 15"])


class CriteriaForm(forms.Form):
    """One criterion a line, its points at the end."""

    use_required_attribute = False

    lines = LinesField(
        label=_("Criteria"),
        max_length=1500,
        rows=6,
        required=True,
        help_text=_("One a line with its points, such as 服务设计 30; 100 points in all."),
    )
    drops_extremes = forms.BooleanField(
        label=_("Leave out the highest and the lowest score where five experts or more have scored"),
        required=False,
    )

    def __init__(self, *args, of_programme=False, **kwargs):
        """``of_programme``: the programme sets the criteria, so only the reckoning is chosen."""
        super().__init__(*args, **kwargs)
        if of_programme:
            del self.fields["lines"]

    def clean(self):
        return {"lines": None, **self.cleaned_data}

    def clean_lines(self):
        found = []
        for line in filter(str.strip, self.cleaned_data["lines"].splitlines()):
            match = LINE.fullmatch(line.strip())
            if match is None:
                raise ValidationError(_("This line has no points at its end: %(line)s") % {"line": line[:60]})
            found.append((match[1].strip(), int(match[2])))
        return found


class ExpertForm(forms.Form):
    use_required_attribute = False

    username = forms.CharField(
        label=_("Account of the expert"),
        max_length=150,
        help_text=_("The expert signs in with this account and finds the sheets on the workbench."),
    )
    every = forms.ChoiceField(
        label=_("Projects"),
        choices=[("all", _("all that wait")), ("some", _("those I choose next"))],
        widget=forms.RadioSelect,
        required=False,
        initial="all",
    )


class ScoreForm(forms.Form):
    """The points of one project, a field for each criterion."""

    use_required_attribute = False

    remark = LinesField(label=_("Remark"), max_length=300, rows=2)

    def __init__(self, sheet, data=None):
        super().__init__(data)
        given = {mark.criterion_id: mark.points for mark in sheet.marks.all()}
        self.initial["remark"] = sheet.remark
        self.criteria = list(sheet.expert.selection.criteria.all())
        for criterion in self.criteria:
            self.fields[f"points-{criterion.pk}"] = forms.DecimalField(
                label=_("%(name)s (0 to %(points)s)") % {"name": criterion.name, "points": criterion.points},
                min_value=0,
                max_value=criterion.points,
                max_digits=4,
                decimal_places=1,
                initial=given.get(criterion.pk),
            )
        self.order_fields([*(f"points-{criterion.pk}" for criterion in self.criteria), "remark"])

    @property
    def points(self):
        return {criterion.pk: self.cleaned_data[f"points-{criterion.pk}"] for criterion in self.criteria}
