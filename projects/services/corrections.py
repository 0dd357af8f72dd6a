"""更正: an administrator puts a clerical mistake right, beside the record. What was decided stays decided."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation import outbox
from linkage.foundation.errors import NotNow
from linkage.foundation.standards import is_doc_no, normal_doc_no
from projects import rules
from projects.models import (
    EDITABLE,
    OF_THE_PROJECT,
    Correctable,
    Correction,
    Project,
    ProjectEvent,
    Series,
)
from projects.services.moving import locked, record, require, touch

NUMBER = re.compile(r"([A-Z0-9]{2,20}-[A-Z0-9]{4,12})-(\d{4,6})")
LONGEST = {Correctable.TITLE: 100, Correctable.HANDLER: 50, Correctable.LEADER: 50, Correctable.DOC_NO: 60}
# Where the project itself repeats what its approval says, lists and sums read it from there.
COPIES = {
    Correctable.DOC_NO: "approval_doc_no",
    Correctable.GRANTED_AMOUNT: "granted_amount",
    Correctable.SIGNED_ON: "approved_on",
}


@transaction.atomic
def correct(project, field, after, *, reason, basis, by, decision=None, within=None):
    """Write down that ``field`` is to be read as ``after`` from now on. Answers the ``Correction``.

    ``after`` is text: amounts in yuan, days as 2016-08-30. Of a ``decision`` the document number, the
    subsidy, the date and the names can be put right, of the project its name and number.
    """
    project = locked(project, within, beside=("programme", "region", "track", "acting_office"))
    if decision is not None:
        decision = project.decisions.select_related("office").get(pk=decision.pk)
        require(rules.can_correct_decision, by, decision)
    else:
        require(rules.can_correct_project, by, project)
    if field not in correctable(project, decision):
        raise NotNow(_("This cannot be corrected here."))
    before = written(project, field, decision)
    after, problem = _normal(project, field, after, decision)
    problems = {"after": [problem]} if problem else {}
    if not problem and after == before:
        problems["after"] = [_("This is what stands there already.")]
    problems |= _reasons(reason, basis)
    if problems:
        raise ValidationError(problems)
    made = Correction.objects.create(
        project=project,
        decision=decision,
        round=decision.round if decision else project.round,
        field=field,
        before=before,
        after=after,
        reason=reason.strip(),
        basis=basis.strip(),
        by=by,
        by_name=str(by),
        office_name=by.main_post.office.name,
    )
    column = field if decision is None else COPIES.get(field) if _approved_by(project, decision) else None
    if column:
        setattr(project, column, made.value)
        touch(project, columns=[column, "version", "saved_at"])
    record(
        project,
        ProjectEvent.Kind.CORRECTED,
        by=by,
        step=decision.step if decision else "",
        title=made.get_field_display(),
        office=by.main_post.office,
        text=_("%(before)s → %(after)s. %(reason)s (%(basis)s)")
        % {"before": before or _("empty"), "after": after, "reason": made.reason, "basis": made.basis},
    )
    outbox.put("reading.wake", f"correction:{made.pk}", {})
    return made


def correctable(project, decision=None):
    """The fields that can be put right now; none of what the applicant may still change itself."""
    if decision is None:
        if project.submitted_at is None:
            return []
        return [field for field in OF_THE_PROJECT if field != "title" or project.status not in EDITABLE]
    found = [Correctable.SIGNED_ON, Correctable.HANDLER, Correctable.LEADER]
    if _approved_by(project, decision):
        found.insert(0, Correctable.DOC_NO)
        if decision.granted_amount is not None:
            found.insert(1, Correctable.GRANTED_AMOUNT)
    return found


def written(project, field, decision=None):
    """What is to be read there today, as a correction writes it."""
    value = getattr(project, field) if decision is None else decision.now(field)
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _approved_by(project, decision):
    """Is this the decision by which the project was approved?"""
    return project.approved_on is not None and decision.pk == max(
        project.decisions.values_list("pk", flat=True)
    )


def _reasons(reason, basis):
    problems = {}
    for name, text, missing in (
        ("reason", reason, _("Give the reason.")),
        ("basis", basis, _("Give the document or the paper this rests on.")),
    ):
        if not text.strip():
            problems[name] = [missing]
        elif len(text.strip()) > 200:
            problems[name] = [_("At most %(limit)s characters.") % {"limit": 200}]
    return problems


def _normal(project, field, after, decision):
    """What was typed as it is kept, and what is wrong with it."""
    after = after.strip()
    if not after:
        return after, _("Enter what is right.")
    limit = LONGEST.get(field)
    if limit and len(after) > limit:
        return after, _("At most %(limit)s characters.") % {"limit": limit}
    match field:
        case Correctable.DOC_NO:
            after = normal_doc_no(after)
            return after, "" if is_doc_no(after) else _("Write the document number like 甘民发〔2016〕98号.")
        case Correctable.GRANTED_AMOUNT:
            return _amount(after, project.requested_subsidy)
        case Correctable.SIGNED_ON:
            return _day(after, project, decision)
        case Correctable.NUMBER:
            return after, _wrong_number(project, after)
    return after, ""


def _amount(after, asked):
    try:
        amount = Decimal(after.replace(",", "").removesuffix("元")).quantize(Decimal("0.01"))
    except InvalidOperation:
        return after, _("Enter an amount in yuan, such as 45000 or 45,000.00.")
    if not amount.is_finite() or amount <= 0:
        return after, _("The amount must be more than 0.")
    return str(amount), _("More is granted than was asked for.") if amount > asked else ""


def _day(after, project, decision):
    try:
        day = date.fromisoformat(after)
    except ValueError:
        return after, _("Write the day like 2016-08-30.")
    if day > timezone.localdate():
        return after, _("The date on paper lies in the future.")
    handed_in = project.submissions.filter(round__lte=decision.round).order_by("-round").first()
    if day < timezone.localdate(handed_in.at):
        return after, _("The date on paper lies before the application was submitted.")
    return day.isoformat(), ""


def _wrong_number(project, after):
    """A number is of a series that exists, given out already, and nobody else's."""
    found = NUMBER.fullmatch(after)
    series = found and Series.objects.select_for_update().filter(prefix=found[1]).first()
    if not series:
        return _("No number of this kind has been given out.")
    if int(found[2]) > series.last or int(found[2]) == 0:
        return _("This number is still to be given to another application.")
    if Project.objects.filter(number=after).exclude(pk=project.pk).exists():
        return _("Another application bears this number.")
    return ""
