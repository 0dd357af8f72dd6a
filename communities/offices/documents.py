"""The list of first passwords, to be cut up and handed over: made once, kept nowhere."""

import io

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linkage.foundation.spreadsheets import writing

WIDTHS = [6, 34, 14, 14, 24, 20]


def first_passwords(given, *, by):
    """A workbook of ``[(account, password)]`` by office, as bytes: it never lies on a disk."""
    file = io.BytesIO()
    book = writing.Book(file)
    last = writing.letters(len(WIDTHS) - 1)
    with book.sheet(_("First passwords"), WIDTHS, frozen=4) as page:
        page.row([_("First passwords")], writing.TITLE, height=30)
        post = by.main_post
        facts = [
            _("Unit: %s") % (post.office.name if post else ""),
            _("Date: %s") % date_format(timezone.localdate(), "Y-m-d"),
            _("Made by: %s") % by,
            _("%s accounts") % len(given),
        ]
        page.row(["　　".join(facts)], writing.FACT)
        page.row(
            [
                _(
                    "Hand each person their own line, sealed or in person. The first sign-in asks for a new"
                    " password. Destroy this list afterwards; the platform has no copy."
                )
            ],
            writing.FACT,
        )
        for row in (1, 2, 3):
            page.merge(f"A{row}", f"{last}{row}")
        heads = [_("No."), _("Office"), _("Name"), _("Role"), _("Account"), _("First password")]
        page.row(heads, writing.HEAD, height=26)
        for number, (path, account, post, password) in enumerate(_by_office(given), 1):
            role = post.get_role_display() if path else ""
            office = post.office.name if path else ""
            page.row([number, office, account.name, role, account.username, password], writing.TEXT)
    book.close()
    return file.getvalue()


def _by_office(given):
    """``(path, account, post, password)`` in the order of the tree."""
    lines = []
    for account, password in given:
        running = [post for post in account.posts.all() if post.is_current()]
        post = min(running, key=lambda one: one.office.region.path, default=None)
        lines.append((post.office.region.path if post else "", account, post, password))
    return sorted(lines, key=lambda line: (line[0], line[1].name, line[1].username))
