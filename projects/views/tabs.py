"""The tabs of the filing page as forms: each knows how to keep what was typed into it."""

import copy

from django.core.exceptions import ValidationError
from django.utils import timezone

from communities.consultation.forms import AssemblyForm, DeliberationForm, HearingForm, NoticeForm
from communities.consultation.models import Assembly, AssemblyRule, Hearing, PartyDeliberation
from communities.consultation.procedure import bodies_of
from communities.needs.forms import NeedForm
from projects.forms import ApplicationForm, PlanningForm, PublishForm, budget_lines, source_lines
from projects.services import evidence, filing, wording

FORM_ROWS = tuple(ApplicationForm.base_fields)


class Tab:
    """``keep`` saves; with ``partly`` it saves what is right and leaves the rest on the page."""

    key = ""

    def __init__(self, project, by, data=None):
        self.project, self.by = project, by
        self.is_bound = data is not None
        self.version = _figure(data.get("version")) if self.is_bound else None
        self.build(data)

    @property
    def forms(self):
        """Whatever has errors to be told on top of the page."""
        return [self.form] if self.form else []

    def is_valid(self):
        return all([form.is_valid() for form in self.forms])

    def keep(self, *, partly=False):
        """Save; whether everything that was typed could be kept."""
        if not self.forms:
            return True
        valid = self.is_valid()
        if not valid and not partly:
            return False
        try:
            self.save(valid=valid)
        except ValidationError as problems:
            self.show(problems)
            return False
        return valid

    def show(self, problems):
        """Errors of a service at their fields; what belongs to no field stands on top."""
        for name, words in problems.message_dict.items():
            self.form.add_error(name if name in self.form.fields else None, words)

    def point_out(self, gaps):
        """Gaps of this tab at their fields, whether or not anything was sent."""
        for gap in gaps:
            name = gap.anchor.removeprefix("id_")
            if self.form and gap.anchor.startswith("id_") and name in self.form.fields:
                _mark(self.form, name, gap.text)


def _mark(form, name, text):
    """``add_error`` needs a form that was sent; a gap may be shown on one that was not."""
    known = form.errors.setdefault(name, form.error_class())
    if text not in known:
        known.append(text)


def _figure(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


class Planning(Tab):
    key = "planning"

    def build(self, data):
        self.form = PlanningForm(self.project, data)
        self.need_form = NeedForm(data, prefix="need", use_required_attribute=False)

    @property
    def forms(self):
        asked = self.is_bound and self.need_form.has_changed()
        return [self.form, self.need_form] if asked else [self.form]

    def save(self, *, valid):
        given = dict(self.form.cleaned_data)
        needs = given.pop("needs", None)
        self.project = filing.save_draft(
            self.project, by=self.by, fields=given, needs=needs, version=self.version
        )
        if valid and self.need_form in self.forms:
            evidence.add_need(self.project, by=self.by, **self.need_form.cleaned_data)
            self.need_form = NeedForm(prefix="need", use_required_attribute=False)


class Record(Tab):
    """A tab whose record is kept whole or not at all."""

    def save(self, *, valid):
        if valid and self.form.has_changed():
            self.project = self.verb(self.project, by=self.by, **self.form.cleaned_data)


class HearingTab(Record):
    key = "hearing"
    verb = staticmethod(evidence.keep_hearing)

    def build(self, data):
        known = copy.copy(self.project.hearing) or Hearing(region=self.project.region)
        self.form = HearingForm(data, instance=known, use_required_attribute=False)

    @property
    def forms(self):
        untouched = self.is_bound and self.project.hearing is None and not self.form.has_changed()
        return [] if untouched else [self.form]


class DeliberationTab(Record):
    key = "party_deliberation"
    verb = staticmethod(evidence.keep_deliberation)

    def build(self, data):
        known = copy.copy(self.project.party_deliberation) or PartyDeliberation(region=self.project.region)
        self.form = DeliberationForm(data, instance=known, use_required_attribute=False)

    @property
    def forms(self):
        untouched = self.is_bound and self.project.party_deliberation is None and not self.form.has_changed()
        return [] if untouched else [self.form]


class AssemblyTab(Record):
    key = "assembly_review"
    verb = staticmethod(evidence.keep_assembly)

    def build(self, data):
        known = copy.copy(self.project.assembly) or Assembly(region=self.project.region)
        self.form = AssemblyForm(
            data, instance=known, region=self.project.region, use_required_attribute=False
        )

    @property
    def forms(self):
        untouched = self.is_bound and self.project.assembly is None and not self.form.has_changed()
        return [] if untouched else [self.form]

    @property
    def rules(self):
        """What each body of the place must reach, on the day of the meeting or today: (name, rule)."""
        region, held = self.project.region, self.project.assembly
        day = held.held_on if held else timezone.localdate()
        bodies = bodies_of(region.committee)
        asked = [(body.label, AssemblyRule.objects.in_force(body, region, day)) for body in bodies]
        return [(name, rule) for name, rule in asked if rule]

    @property
    def rule(self):
        """What the body that is recorded, or else the representatives, must reach."""
        if self.project.assembly:
            return self.project.assembly.rule
        return self.rules[0][1] if self.rules else None


class NoticeTab(Record):
    key = "public_notice"
    verb = staticmethod(evidence.keep_notice)

    def build(self, data):
        notice = self.project.notice
        self.published = notice is not None and notice.is_published
        self.form = self.publish_form = None
        if self.published:
            return
        draft = None if notice is None or notice.closed_at else notice
        first = wording.notice_draft(self.project, by=self.by) if draft is None else None
        self.form = NoticeForm(data, instance=copy.copy(draft), initial=first, use_required_attribute=False)
        self.publish_form = PublishForm(
            data if data and "starts_on" in data else None, initial={"starts_on": timezone.localdate()}
        )

    def keep_all(self):
        """Keep the draft even when its first words were left as they are."""
        if self.form is None or not self.form.is_valid():
            return False
        try:
            self.project = self.verb(self.project, by=self.by, **self.form.cleaned_data)
        except ValidationError as problems:
            self.show(problems)
            return False
        return True


class Application(Tab):
    key = "submission"

    def build(self, data):
        self.form = ApplicationForm(self.project, data)
        self.budget = budget_lines(self.project, data)
        self.sources = source_lines(self.project, data)

    @property
    def forms(self):
        return [self.form, self.budget, self.sources]

    def save(self, *, valid):
        fields = {name: value for name, value in self.form.cleaned_data.items() if name in FORM_ROWS}
        if not self.sources.subsidy.errors:
            fields["requested_subsidy"] = self.sources.subsidy.cleaned_data["amount"]
        self.project = filing.save_draft(
            self.project,
            by=self.by,
            fields=fields,
            budget=self.budget.rows if self.budget.is_valid() else None,
            sources=self.sources.rows if self.sources.is_valid() else None,
            version=self.version,
        )

    def point_out(self, gaps):
        super().point_out(gaps)
        for gap in gaps:
            if gap.anchor == "id_requested_subsidy":
                _mark(self.sources.subsidy, "amount", gap.text)


TABS = {tab.key: tab for tab in (Planning, HearingTab, DeliberationTab, AssemblyTab, NoticeTab, Application)}
