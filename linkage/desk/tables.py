"""What the pages of a table on its way in are made of: its steps, its columns, its rows."""

from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.foundation.spreadsheets.writing import letters

MARKS = {"new": "circle-plus", "changed": "refresh", "same": "equal", "wrong": "alert-circle"}


def steps(sheet, taken):
    """The way of a table, for the bar of steps."""
    state = taken.state if taken else ""
    reached = {
        "": 1,
        "reading": 2,
        "mapping": 2,
        "refused": 2,
        "given_up": 2,
        "checked": 3,
        "applying": 4,
        "applied": 6,
    }
    now = reached[state]
    names = [
        (
            _("Download the template"),
            reverse("desk:table_template", args=[sheet.label]) if sheet.imported else "",
        ),
        (_("Hand in"), ""),
        (_("Check row by row"), ""),
        (_("Preview"), ""),
        (_("Import"), ""),
        (_("Result"), ""),
    ]
    found = []
    for number, (title, url) in enumerate(names):
        kind = "done" if number < now else "now" if number == now else "todo"
        if number == now and state in ("refused", "given_up"):
            kind = "stopped"
        found.append({"title": title, "state": kind, "url": url if number == 0 else "", "number": number + 1})
    return found


def preview_columns(taken):
    """The columns that are read, with the letters of the sheet."""
    sheet = taken.described
    return [
        {"letter": letters(place), "label": sheet.by_name[name].label}
        for place, name in enumerate(taken.mapping)
        if name in sheet.by_name
    ]


def preview_rows(taken, rows, columns):
    """Rows of the preview: their cells with what they were, and what is wrong with them."""
    return [_row(row, columns) for row in rows]


def _row(row, columns):
    was, wrong = row.was or {}, {place for place, _said in row.problems or [] if place is not None}
    return {
        "number": row.number,
        "outcome": row.outcome,
        "label": row.get_outcome_display(),
        "mark": MARKS[row.outcome],
        "cells": [
            {
                "text": text,
                "was": was.get(str(place)),
                "changed": str(place) in was,
                "wrong": place in wrong,
                "label": columns[place]["label"] if place < len(columns) else "",
            }
            for place, text in enumerate(row.shown)
        ],
        "problems": [
            {
                "column": _("column %(letter)s %(label)s") % columns[place]
                if place is not None and place < len(columns)
                else _("whole row"),
                "said": said,
            }
            for place, said in row.problems or []
        ],
    }
