"""What the public is told of a project: its facts, never its people."""

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linkage.foundation.money import wan
from projects.models import Project, Selection, posting
from projects.models.listing import placed

ID_NUMBER = re.compile(r"(?<![0-9])([1-9][0-9]{5})[0-9]{8}([0-9]{3}[0-9Xx])(?![0-9])")
MOBILE = re.compile(r"(?<![0-9])(1[3-9][0-9])[ -]?[0-9]{4}[ -]?([0-9]{4})(?![0-9])")


def mask(text):
    """A text for everybody: identity numbers and mobile numbers in it lose their middle."""
    return MOBILE.sub(r"\1****\2", ID_NUMBER.sub(r"\1********\2", text or ""))


def project_facts(notice):
    """The table in a notice: pairs of label and text, without what is not known; empty without a project."""
    project = Project.objects.filter(notice=notice).select_related("programme", "hearing", "assembly").first()
    if project is None:
        return []
    # What hung on the wall stays what it said; only what was not filled in then is added later.
    said = {**posting(project), **project.posted}
    rows = [
        (_("Project name"), said.get("title")),
        (_("People served"), said.get("service_targets")),
        (_("Services"), said.get("service_plan")),
        (_("Period"), _period(said)),
        (_("Funds needed"), _funds(said, project.programme.subsidy_label)),
        (_("Residents' hearing"), _hearing(project.hearing)),
        (_("Representatives' assembly"), _assembly(project.assembly)),
    ]
    return [(label, mask(text)) for label, text in rows if text]


def listed_projects(notice):
    """The projects a department means to approve: number, name, applicant and yuan; empty otherwise."""
    selection = Selection.objects.filter(notice=notice).first()
    if selection is None:
        return []
    items = list(selection.chosen.select_related("project__region").order_by("project__region__path", "pk"))
    placed([item.project for item in items])
    return [
        (number, mask(item.project.title), item.project.place, item.granted_amount)
        for number, item in enumerate(items, 1)
    ]


def _day(day):
    return date_format(day, "DATE_FORMAT")


def _period(said):
    if "start_date" not in said or "end_date" not in said:
        return ""
    first, last = (_day(date.fromisoformat(said[name])) for name in ("start_date", "end_date"))
    return _("%(start)s to %(end)s") % {"start": first, "end": last}


def _funds(said, label):
    if "total_need" not in said:
        return ""
    if "requested_subsidy" not in said:
        return _("%(need)s ten thousand yuan") % {"need": wan(said["total_need"])}
    return _("%(need)s ten thousand yuan, of which %(label)s %(asked)s ten thousand") % {
        "need": wan(said["total_need"]),
        "label": label,
        "asked": wan(said["requested_subsidy"]),
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
