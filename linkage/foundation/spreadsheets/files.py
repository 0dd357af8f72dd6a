"""The files that go out: the template of a register, the wrong rows of a table, the rows of a list."""

import csv
import io
import json
import tempfile
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation.registers.filters import region_model

from . import cells, kinds, showing, writing
from .describing import NUMBER
from .places import Places

ROWS = 5_000  # rows of a template that have drop-downs
OFFERED = 3_000  # places that are offered as a list
SHEET_ROWS = 1_000_000  # a sheet holds 1,048,576
ERRORS = "错误原因"
CHUNK = 1_000  # rows that are held at a time


class View:
    """What the cells of an export are shown with: the places of its reader, numbers masked or in ``full``."""

    def __init__(self, sheet, user, posts=None, full=False):
        self.sheet, self.user, self.full = sheet, user, full
        posts = sheet.readers(user) if posts is None else posts
        self.places = Places(region_model(sheet.model), posts, user.home_region)


# The template


def template(sheet, user):
    """A workbook to be filled in: headings, drop-downs, notes; at its beginning."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by who sends it)
    book = writing.Book(file)
    columns = [column for column in sheet.columns if column.name != NUMBER]
    choices = _choices(sheet, columns, user)
    with book.sheet(str(sheet.title), [column.kind.width for column in columns], frozen=3) as page:
        page.row([_("%s: template") % sheet.title], writing.TITLE, height=30)
        page.merge("A1", f"{writing.letters(len(columns) - 1)}1")
        page.row(
            [_("Red headings are required. One row for each entry, from row 4 on; see the second sheet.")],
            writing.FACT,
        )
        page.merge("A2", f"{writing.letters(len(columns) - 1)}2")
        needed = {place: writing.NEEDED for place, column in enumerate(columns) if column.required}
        page.row([column.label for column in columns], writing.HEAD, height=32, styles=needed)
        for place, column in enumerate(columns):
            prompt = _told(column)
            source = ""
            if place in choices:
                letter = writing.letters(list(choices).index(place))
                source = f"'{_('choices')}'!${letter}$1:${letter}${len(choices[place])}"
            strict = isinstance(column.kind, kinds.Code) and not isinstance(column.kind, kinds.Codes)
            page.offer(place, 4, ROWS, source, column.label, prompt, strict=strict)
    with book.sheet(_("how to fill in"), [24, 8, 60, 40, 30]) as page:
        page.row([_("How to fill in: %s") % sheet.title], writing.TITLE, height=28)
        for sentence in notes(sheet):
            page.row([sentence], writing.FACT)
        page.row([_("column"), _("required"), _("what to write"), _("choices"), _("example")], writing.HEAD)
        for column in columns:
            page.row(
                [
                    column.label,
                    _("yes") if column.required else "",
                    _told(column),
                    _listed(column),
                    column.example,
                ],
                writing.PLAIN,
            )
    with book.sheet(_("choices"), hidden=True) as page:
        lists = list(choices.values())
        for number in range(max(map(len, lists), default=0)):
            page.row([one[number] if number < len(one) else None for one in lists], writing.TEXT)
    book.close()
    file.seek(0)
    return file


def notes(sheet):
    found = [str(sheet.about)] if sheet.about else []
    return [
        *found,
        _("Columns may stand in any order; those the register does not know are shown beforehand."),
        _("An empty cell leaves what stands in the register; write %s to take it away.") % "清空",
        _("Days like 2016-06-13; 2016.6 is the first of that month. Identity numbers and codes as text."),
        _("The same table again changes nothing: entries are found by what they are known by."),
    ]


def _told(column):
    parts = [str(column.help or ""), str(column.kind.hint or "")]
    return "；".join(part.rstrip("。.") for part in parts if part)


def _listed(column):
    listed = list(column.kind.choices)
    return "、".join(listed[:30]) + ("……" if len(listed) > 30 else "")


def _choices(sheet, columns, user):
    """``{place of the column: [choice, …]}``."""
    found, offered = {}, None
    for place, column in enumerate(columns):
        if column.kind.choices:
            found[place] = list(column.kind.choices)
        elif isinstance(column.kind, kinds.Place):
            if offered is None:
                offered = _places(sheet, user)
            levels = column.kind.level
            listed = [words for level, words in offered if not levels or level in levels]
            if 0 < len(listed) <= OFFERED:
                found[place] = listed
    return found


def _places(sheet, user):
    view = View(sheet, user)
    view.places._load()
    rows = [(path, level) for some in view.places._by_name.values() for _pk, path, level in some]
    if len(rows) > OFFERED * 2:
        return []
    return [(level, view.places._path_words(path)) for path, level in sorted(rows)]


# The wrong rows


def errors(sheet_import, user):
    """The wrong rows as they were typed, with the reasons: to be mended and sent again."""
    headings = sheet_import.head["headings"]
    places = [place for place, name in enumerate(sheet_import.mapping) if name]
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book = writing.Book(file)
    with book.sheet(
        sheet_import.sheet_name or _("wrong rows"), [16] * len(headings) + [60], frozen=1
    ) as page:
        page.row([*headings, ERRORS], writing.HEAD)
        for row in sheet_import.staged.filter(outcome="wrong").order_by("number").iterator(500):
            typed = json.loads(str(row.cells)) if row.cells else []
            values = [_typed(typed[place]) if place < len(typed) else None for place in range(len(headings))]
            bad = {places[place]: writing.WRONG for place, _said in row.problems or [] if place is not None}
            told = "；".join(
                f"{headings[places[place]]}：{said}" if place is not None else said
                for place, said in row.problems or []
            )
            page.row([*values, told], writing.TEXT, styles=bad)
    book.close()
    file.seek(0)
    return file


def _typed(cell):
    if isinstance(cell, list):
        kind, value = cell
        if kind == "d" and (len(value) == 10 or value.endswith("T00:00:00")):
            return value[:10]
        return value.replace("T", " ")
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return cell if cell is None else str(cell)


# The rows of a list


def facts(sheet, user, chosen=""):
    """The line below the title: who made the table of what, and when."""
    post = user.main_post
    unit = post.office.name if post else ""
    told = [
        _("Unit: %s") % unit,
        _("Date: %s") % timezone.localdate().isoformat(),
        _("Made by: %s") % (user.name or user.get_username()),
    ]
    return "　　".join([*told, *([_("Chosen: %s") % chosen] if chosen else [])])


def along(sheet):
    """What is read beside a row to show it: places are held by their keys and need not be joined."""
    places = {
        column.field.name
        for column in sheet.columns
        if isinstance(column.kind, kinds.Place) and column.field is not None
    }
    refs = {column.field.name for column in sheet.columns if isinstance(column.kind, kinds.Ref)}
    return refs | (set(sheet.related) - places)


def rows_of(view, rows):
    """The cells of each row, in the order of the columns, some rows at a time."""
    columns = view.sheet.columns
    shows = [showing.of_row(view, column) for column in columns]
    places = [one for one in columns if isinstance(one.kind, kinds.Place) and one.field is not None]
    keys = [column.attname for column in places]
    beside = along(view.sheet)
    rows = rows.select_related(None)
    rows = rows.select_related(*beside) if beside else rows
    for some in _chunks(rows.iterator(chunk_size=CHUNK), CHUNK):
        view.places.hold({vars(row)[key] for key in keys for row in some})
        yield [[show(row) for show in shows] for row in some]


def _chunks(rows, size):
    some = []
    for row in rows:
        some.append(row)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


class XLSXTable:
    """A title, a line of facts, headings, rows; a sheet that is full is followed by another."""

    def __init__(self, file, sheet, told):
        self.sheet, self.told, self.book = sheet, told, writing.Book(file)
        self.page, self.opened, self.left, self.count = None, None, 0, 0

    def append(self, row):
        if not self.left:
            self._next()
        self.left -= 1
        self.page.row(row)

    def _next(self):
        if self.opened:
            self.opened.__exit__()
        self.count += 1
        title = str(self.sheet.title) + (f" {self.count}" if self.count > 1 else "")
        columns = self.sheet.columns
        self.opened = self.book.sheet(title, [column.kind.width for column in columns], frozen=3)
        self.page = self.opened.__enter__()
        last = writing.letters(len(columns) - 1)
        self.page.row([str(self.sheet.title)], writing.TITLE, height=30)
        self.page.merge("A1", f"{last}1")
        self.page.row([self.told], writing.FACT)
        self.page.merge("A2", f"{last}2")
        self.page.row([column.label for column in columns], writing.HEAD, height=32)
        self.left = SHEET_ROWS

    def close(self):
        if not self.opened:
            self._next()
        self.opened.__exit__()
        self.book.close()


class CSVTable:
    """The same as UTF-8 with the mark by which spreadsheets know it."""

    def __init__(self, file, sheet, told):
        self.text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        self.writer = csv.writer(self.text)
        self.writer.writerow([str(sheet.title)])
        self.writer.writerow([told])
        self.writer.writerow([column.label for column in sheet.columns])

    def append(self, row):
        self.writer.writerow([_text(value) for value in row])

    def close(self):
        self.text.flush()
        self.text.detach()


def _text(value):
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return cells.guarded(value) if isinstance(value, str) else value


TABLES = {"xlsx": XLSXTable, "csv": CSVTable}
