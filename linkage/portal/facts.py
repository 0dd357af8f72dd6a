"""What the public is told of a project: its facts, never its people."""

import re

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linkage.foundation.money import wan
from projects.models import Project

ID_NUMBER = re.compile(r"(?<![0-9])([1-9][0-9]{5})[0-9]{8}([0-9]{3}[0-9Xx])(?![0-9])")
MOBILE = re.compile(r"(?<![0-9])(1[3-9][0-9])[ -]?[0-9]{4}[ -]?([0-9]{4})(?![0-9])")


def mask(text):
    """A text for everybody: identity numbers and mobile numbers in it lose their middle."""
    return MOBILE.sub(r"\1****\2", ID_NUMBER.sub(r"\1********\2", text or ""))


def project_facts(notice):
    """The table in a notice: pairs of label and text, without what is not known; empty without a project."""
    project = Project.objects.filter(notice=notice).select_related("hearing", "assembly").first()
    if project is None:
        return []
    rows = [
        (_("Project name"), project.title),
        (_("People served"), project.service_targets),
        (_("Services"), project.service_plan),
        (_("Period"), _period(project)),
        (_("Funds needed"), _funds(project)),
        (_("Residents' hearing"), _hearing(project.hearing)),
        (_("Representatives' assembly"), _assembly(project.assembly)),
    ]
    return [(label, mask(text)) for label, text in rows if text]


def _day(day):
    return date_format(day, "DATE_FORMAT")


def _period(project):
    if not project.start_date or not project.end_date:
        return ""
    return _("%(start)s to %(end)s") % {"start": _day(project.start_date), "end": _day(project.end_date)}


def _funds(project):
    if not project.total_need:
        return ""
    if not project.requested_subsidy:
        return _("%(need)s ten thousand yuan") % {"need": wan(project.total_need)}
    return _("%(need)s ten thousand yuan, of which %(asked)s ten thousand are asked from the province") % {
        "need": wan(project.total_need),
        "asked": wan(project.requested_subsidy),
    }


def _hearing(hearing):
    if hearing is None:
        return ""
    return _("%(day)s, %(people)s people took part") % {
        "day": _day(hearing.held_on),
        "people": hearing.attendance,
    }


def _assembly(assembly):
    if assembly is None:
        return ""
    return _(
        "%(day)s, %(present)s of %(entitled)s present; for %(for)s, against %(against)s, "
        "abstained %(abstain)s: %(result)s"
    ) % {
        "day": _day(assembly.held_on),
        "entitled": assembly.entitled,
        "present": assembly.present,
        "for": assembly.votes_for,
        "against": assembly.votes_against,
        "abstain": assembly.votes_abstain,
        "result": _("passed") if assembly.passed else _("not passed"),
    }
