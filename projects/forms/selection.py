"""What the deciding office of a programme fills in: ticks on the board, the notice, the document."""

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.consultation.forms import NoticeForm
from linkage.foundation.dates import DayField
from projects.forms.fields import LinesField, MoneyField
from projects.forms.filters import ByTag, offered_places
from projects.models import SelectionItem

SORTS = {
    "score": ["-by_score", "pk"],
    "region": ["region__path", "pk"],
    "money": ["-asked", "pk"],
    "arrived": ["arrived", "pk"],
}
MOST_SHOWN = 100  # projects on one page of the board


class BoardQuery(ByTag):
    """The board: which place, which ticks, which words, in which order. ``below``: what places are called."""

    field_order = ("region", "tag", "choice", "q", "sort")
    region = forms.ChoiceField(required=False)
    choice = forms.ChoiceField(
        label=_("Choice"),
        required=False,
        choices=[
            ("", _("All")),
            ("chosen", _("To be approved")),
            ("waiting", _("Waiting list")),
            ("none", _("Not chosen")),
        ],
    )
    q = forms.CharField(label=_("Keyword"), required=False, max_length=100)
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("", _("in the usual order")),
            ("score", _("best score first")),
            ("region", _("by region")),
            ("money", _("most money first")),
            ("arrived", _("first come first")),
        ],
    )

    def __init__(self, request, *, below, cities, scored):
        super().__init__(request, region=offered_places(below, cities))
        self["region"].label = below  # the form has been asked already, and keeps what it said then
        self.cities = {place.code: place for place in cities}
        self.usual = "score" if scored else "region"

    @property
    def order(self):
        return SORTS[self.cleaned_data["sort"] or self.usual]

    def narrow(self, projects):
        asked = self.cleaned_data
        if asked["region"]:
            projects = projects.within(self.cities[asked["region"]])
        if asked["choice"]:
            choice = asked["choice"]
            wanted = ["", SelectionItem.Choice.NOT] if choice == "none" else [choice]
            projects = projects.filter(choice__in=wanted)
        if asked["q"]:
            projects = projects.search(asked["q"])
        return self.narrow_to_tag(projects)


class Ticks:
    """What one page of the board sends: which projects it showed, which are ticked, with how much."""

    def __init__(self, data):
        self.version = _number(data.get("version", ""))
        self.shown = [_number(word) for word in data.getlist("shown")]
        ticked = {_number(word) for word in data.getlist("tick")}
        waiting = {_number(word) for word in data.getlist("wait")}
        if len(self.shown) > MOST_SHOWN or not ticked | waiting <= set(self.shown):
            raise BadRequest(_("The page sent a list that it did not show."))
        self.values, self.problems = {}, {}
        for pk in self.shown:
            name = f"amount-{pk}"
            if pk in ticked and pk in waiting:
                self.problems[name] = [_("Either to be approved or on the waiting list, not both.")]
            choice = SelectionItem.Choice.CHOSEN if pk in ticked else ""
            choice = SelectionItem.Choice.WAITING if pk in waiting else choice
            self.values[pk] = (choice, self._amount(name, data) if pk in ticked else None)

    def _amount(self, name, data):
        try:
            return MoneyField().clean(data.get(name, ""))
        except ValidationError as error:
            self.problems[name] = error.messages
            return None


def _number(word):
    if not word.isascii() or not word.isdigit() or len(word) > 18:
        raise BadRequest(_("The page sent a list that it did not show."))
    return int(word)


class SelectionNoticeForm(NoticeForm):
    """The notice of a batch: its words, its first day and for how long it stays."""

    use_required_attribute = False

    starts_on = DayField(label=_("First day"), initial=timezone.localdate)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=60)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, least, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["days"].initial = least
        self.fields["days"].help_text = _("At least %(days)d, the first and the last day included.") % {
            "days": least
        }
        self.fields["supervisor"].required = True

    def refuse(self, problems):
        for name, errors in problems.message_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class ApprovalForm(forms.Form):
    """The one document that approves a batch."""

    use_required_attribute = False

    doc_no = forms.CharField(
        label=_("Approval document number"), max_length=60, help_text=_("For example 甘民发〔2016〕98号.")
    )
    signed_on = DayField(label=_("Date of the document"), initial=timezone.localdate)
    opinion = LinesField(
        label=_("Opinion on every project"),
        max_length=200,
        rows=2,
        required=True,
        help_text=_("＿ becomes the subsidy of each project in units of ten thousand yuan."),
    )
    handler = forms.CharField(label=_("Handled by"), max_length=50, required=False)
    leader = forms.CharField(label=_("Signed by"), max_length=50, required=False)

    def refuse(self, problems):
        for name, errors in problems.message_dict.items():
            self.add_error(name if name in self.fields else None, errors)
