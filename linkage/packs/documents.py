"""A draft in words, for its workbook: today beside what the draft would ask."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def about(trial, place):
    return [
        (_("Document"), f"《{trial.document.title}》{trial.document.doc_no}"),
        (pgettext("heads a list", "Region"), place.name),
        (_("As of"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
    ]


def heads():
    return [
        *(_("Target (clause)"), _("Value today"), _("Demand today"), _("Gap today"), _("Status today")),
        *(_("Value by the draft"), _("Demand by the draft"), _("Gap by the draft"), _("Status by the draft")),
    ]


def rows(trial):
    """One row a target; of one that is new, strokes stand for today."""
    return [
        (f"{then.target.quote}（{then.target.clause}）", *_figures(now), *_figures(then))
        for now, then in trial.lines
    ]


def _figures(line):
    return (line.value, line.limit, line.gap, line.word) if line else ("—",) * 4
