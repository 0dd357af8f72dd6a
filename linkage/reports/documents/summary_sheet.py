"""汇总表 as the paper table: title, who fills it in, day, heads of two lines, sums in bold; or as CSV."""

import csv
import io

from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation.spreadsheets import cells as guard
from linkage.foundation.spreadsheets import writing
from linkage.foundation.spreadsheets.writing import (
    BOLD,
    BOLD_COUNT,
    BOLD_RATE,
    COUNT,
    FACT,
    HEAD,
    LABEL,
    NOTE,
    RATE,
    TITLE,
    letters,
)

NAME_WIDTH, WIDTH, HEIGHT = 22, 11, 18  # characters, points


def facts(office, when, place):
    """The line below the title: 填报单位, 统计范围, 截至日期, 计量单位."""
    return [
        _("Filled in by: %s") % office,
        _("Places: %s") % place,
        _("As of: %s") % when,
        _("Units: as in the heads"),
    ]


def maker(user):
    """The last line: 制表人, 制表时间."""
    return [
        _("Made by: %s") % user,
        _("Made at: %s") % timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    ]


def notes(sheet):
    told = []
    if sheet.has_ratios:
        told.append(
            _(
                "Averages and shares are taken of the sums of each line, never of other ratios; what is told "
                "by a figure that communities fill in, over those that did."
            )
        )
    if sheet.misses:
        told.append(_("Not reported: communities whose figures are missing; they are in no sum."))
    reasons = {}
    for name, why in sheet.unknown:
        reasons.setdefault(why, []).append(name)
    told += [f"—　{why}：{'、'.join(names)}" for why, names in sorted(reasons.items())]
    return told


def name_heads(sheet):
    return [_("Place"), *[""] * (sheet.depth - 1)]


def workbook(sheet, about, made):
    """The file, at its beginning."""
    file = io.BytesIO()
    book = writing.Book(file)
    depth, wide = sheet.depth, len(sheet.heads) + (1 if sheet.misses else 0)
    width = depth + wide
    widths = [NAME_WIDTH] * depth + [WIDTH] * wide
    first = 3  # the first line of the heads
    with book.sheet(sheet.title, widths, frozen=first + 1, repeat=(first, first + 1)) as told:
        told.row([sheet.title], TITLE, height=30)
        told.merge("A1", f"{letters(width - 1)}1")
        told.row(["　　".join(about)], FACT)
        told.merge("A2", f"{letters(width - 1)}2")
        _heads(told, sheet, first, width)
        _lines(told, sheet, first + 2, depth)
        told.row(["　　".join(made)], FACT)
        told.merge(f"A{told.number}", f"{letters(width - 1)}{told.number}")
        for note in notes(sheet):
            told.row([_("Note: %s") % note], NOTE)
            told.merge(f"A{told.number}", f"{letters(width - 1)}{told.number}")
    book.close()
    file.seek(0)
    return file


def _heads(told, sheet, first, width):
    depth = sheet.depth
    above, below = [*name_heads(sheet)], [""] * depth
    told.merge(f"A{first}", f"{letters(depth - 1)}{first + 1}")
    at = depth
    for text, span in sheet.groups:
        if text:
            above += [text, *[""] * (span - 1)]
            below += [_headed(head) for head in sheet.heads[at - depth : at - depth + span]]
            if span > 1:
                told.merge(f"{letters(at)}{first}", f"{letters(at + span - 1)}{first}")
        else:
            for number in range(span):
                above.append(_headed(sheet.heads[at - depth + number]))
                below.append("")
                told.merge(f"{letters(at + number)}{first}", f"{letters(at + number)}{first + 1}")
        at += span
    if sheet.misses:
        above.append(_("communities not reported"))
        below.append("")
        told.merge(f"{letters(at)}{first}", f"{letters(at)}{first + 1}")
    all_heads = dict.fromkeys(range(width), HEAD)
    told.row(above, HEAD, height=24, styles=all_heads)
    told.row(below, HEAD, height=42, styles=all_heads)


def _headed(head):
    return f"{head.name}（{head.unit}）" if head.unit else head.name


def _lines(told, sheet, first, depth):
    merged = {}  # {column: (name, first line)} of names that run down
    lines = [line for line in sheet.lines if line.kind != "group"]
    for number, line in enumerate(lines, start=first):
        values = [*line.names, *(found.number if found.is_known else found.text for found in line.cells)]
        if sheet.misses:
            values.append(line.missing)
        told.row(values, BOLD if line.is_sum else LABEL, height=HEIGHT, styles=_styles(values, line, depth))
        _run_down(told, merged, line.names, number)
        if line.names[0] and not any(line.names[1:]) and depth > 1:
            told.merge(f"A{number}", f"{letters(depth - 1)}{number}")
    _run_down(told, merged, ("",) * depth, first + len(lines))


def _styles(values, line, depth):
    styles = {}
    for place, value in enumerate(values):
        if place < depth:
            styles[place] = BOLD if line.is_sum else LABEL
        elif isinstance(value, (int, str)):
            styles[place] = BOLD_COUNT if line.is_sum else COUNT
        else:
            styles[place] = BOLD_RATE if line.is_sum else RATE
    return styles


def _run_down(told, merged, names, number):
    """A name that stands in several lines under one another is written once, over all of them."""
    same = True
    for column, name in enumerate(names[:-1]):
        before = merged.get(column)
        same = same and before is not None and before[0] == name and bool(name)
        if same:
            continue
        if before and before[0] and number - 1 > before[1]:
            told.merge(f"{letters(column)}{before[1]}", f"{letters(column)}{number - 1}")
        alone = bool(name) and not names[column + 1]
        merged[column] = ("", number) if alone else (name, number)


def text(sheet, about, made):
    """The same as CSV: UTF-8 with the mark by which spreadsheets know it, one line of heads."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([guard.guarded(sheet.title)])
    writer.writerow([guard.guarded(fact) for fact in (*about, *made)])
    groups = [group for group, span in sheet.groups for _number in range(span)]
    heads = [
        f"{group}·{_headed(head)}" if group else _headed(head)
        for group, head in zip(groups, sheet.heads, strict=True)
    ]
    names = [_("Place"), *(_("Place (%s)") % number for number in range(2, sheet.depth + 1))]
    writer.writerow([*names, *heads, *([_("communities not reported")] if sheet.misses else [])])
    for line in sheet.lines:
        if line.kind == "group":
            continue
        row = [guard.guarded(name) for name in line.names]
        row += [found.number if found.is_known else found.text for found in line.cells]
        writer.writerow([*row, *([line.missing] if sheet.misses else [])])
    return b"\xef\xbb\xbf" + file.getvalue().encode()
