"""The community steps of an application: needs, meetings, notice, each hung on the project."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.consultation import services as consultation
from communities.needs import services as library
from linkage.foundation import journal
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import notice_rule, posting
from projects.services.filing import confirmed_words, editable, void_confirmation
from projects.services.moving import require, touch


@transaction.atomic
def add_need(project, *, by, **facts):
    """Write down a need of the community and say that the project answers it. The same twice is one."""
    project = editable(project, by)
    before = confirmed_words(project)
    need = project.region.needs.filter(**facts).first() or library.add_need(project.region, by=by, **facts)
    project.needs.add(need)
    _hung(project, before, by)
    return need


@transaction.atomic
def change_need(project, need, *, by, **facts):
    """Mend a need. What a submitted application builds on stays as it was handed in."""
    project = editable(project, by)
    _require_free(project, need)
    return library.change_need(need, by=by, **facts)


@transaction.atomic
def remove_need(project, need, *, by):
    """Take a need out of the library of the community, unless another application builds on it."""
    project = editable(project, by)
    _require_free(project, need)
    project.needs.remove(need)
    library.remove_need(need, by=by)
    touch(project, form=False)


def _require_free(project, need):
    if need.region_id != project.region_id:
        raise ValidationError({"needs": _("This belongs to another community.")})
    if need.projects.exclude(pk=project.pk).exists():
        raise NotNow(_("Another application builds on this need, so it stays as it is."))


@transaction.atomic
def keep_hearing(project, *, by, **facts):
    """Record the hearing of this application, or correct what was recorded."""
    project = editable(project, by)
    before = confirmed_words(project)
    if project.hearing is None:
        project.hearing = consultation.record_hearing(project.region, by=by, **facts)
    else:
        consultation.correct_hearing(project.hearing, by=by, **facts)
    return _hung(project, before, by)


@transaction.atomic
def keep_deliberation(project, *, by, **facts):
    """Record what the party organisation said of this application, or correct what was recorded."""
    project = editable(project, by)
    before = confirmed_words(project)
    if project.party_deliberation is None:
        project.party_deliberation = consultation.record_deliberation(project.region, by=by, **facts)
    else:
        consultation.correct_deliberation(project.party_deliberation, by=by, **facts)
    return _hung(project, before, by)


@transaction.atomic
def announce_meeting(project, kind, *, by, **facts):
    """Tell everybody of the hearing or the assembly of this application before it is held."""
    project = editable(project, by)
    announcement = consultation.announce_meeting(project.region, by=by, kind=kind, **facts)
    project.announcements.add(announcement)
    touch(project, form=False)
    return announcement


@transaction.atomic
def call_off_meeting(project, announcement, *, reason, by):
    """Say in public that an announced meeting is not held."""
    project = editable(project, by)
    consultation.call_off_meeting(announcement, reason=reason, by=by)
    touch(project, form=False)
    return project


@transaction.atomic
def keep_assembly(project, *, by, **facts):
    """Record how the representatives voted on this application, or correct what was recorded."""
    project = editable(project, by)
    before = confirmed_words(project)
    if project.assembly is None:
        project.assembly = consultation.record_assembly(project.region, by=by, **facts)
    else:
        consultation.correct_assembly(project.assembly, by=by, **facts)
    return _hung(project, before, by)


@transaction.atomic
def keep_notice(project, *, by, **facts):
    """Draft the notice of this application, or mend the draft. After one was taken down, a new one."""
    project = editable(project, by)
    before = confirmed_words(project)
    if project.notice is None or project.notice.closed_at:
        project.notice = consultation.draft_notice(project.region, by=by, **facts)
    else:
        project.notice = consultation.change_notice(project.notice, by=by, **facts)
    return _hung(project, before, by)


def _hung(project, before, by):
    void_confirmation(project, by, before)
    touch(project, form=False)
    return project


@transaction.atomic
def publish_notice(project, *, starts_on, by, posted_reason=""):
    """Show the notice to everybody for as many days as the programme asks."""
    project = editable(project, by)
    if project.notice is None:
        raise NotNow(_("Write the notice first."))
    rule = notice_rule(project)
    notice = consultation.publish_notice(
        project.notice,
        on=starts_on,
        days=rule.days,
        in_working_days=rule.in_working_days,
        reason=posted_reason,
        by=by,
    )
    project.notice, project.posted = notice, posting(project)
    touch(project, form=False)
    return project


@transaction.atomic
def take_down_notice(project, *, reason, by):
    """End a wrong notice, so that a new one can start. What people objected to is settled first."""
    project = editable(project, by)
    if project.notice is None:
        raise NotNow(_("This notice is not published."))
    if project.notice.objections.open().exists():
        raise NotNow(_("Settle the objections to this notice before you take it down."))
    project.notice = consultation.take_down_notice(project.notice, reason=reason, by=by)
    touch(project, form=False)
    return project


@transaction.atomic
def enter_objection(project, *, by, token=None, received_on=None, **facts):
    """Type an objection that somebody brought to the office or said on the telephone."""
    project = editable(project, by)
    if project.notice is None or not project.notice.is_published:
        raise NotNow(_("This notice is not published."))
    return consultation.object_to(project.notice, by=by, token=token, received_on=received_on, **facts)


@transaction.atomic
def settle_objection(project, objection, *, answer, by, settled_on=None):
    """Answer an objection after looking into it."""
    project = editable(project, by)
    consultation.settle_objection(objection, answer=answer, on=settled_on or timezone.localdate(), by=by)
    touch(project, form=False)
    return project


@transaction.atomic
def reveal_contact(project, objection, *, reason, by):
    """Name and telephone of who objected, shown once to the clerk who says why; the journal keeps that."""
    require(rules.files_it, by, project)
    if not reason.strip():
        raise ValidationError({"reason": _("Say what you need the telephone for.")})
    journal.record("reveal", by=by, target=objection, facts={"reason": reason.strip()[:200]})
    return objection.name, objection.phone
