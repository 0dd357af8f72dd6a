"""A process of its own that opens a workbook of a stranger: limited memory, limited time, no Django.

``python -I child.py FD look`` tells, as one line of JSON, what sheets there are, or ``{"refused": code}``.
``python -I child.py FD read SHEET`` tells a line about the sheet, then its rows in batches:
``[[number, [cell, …]], …]``, rows without content left out, the first cell that of column A. A cell is
null, a text, a number, true or false, or a pair: ``["d", day]``, ``["t", time]``, ``["e", error]``,
``["f", ""]`` for a formula whose result is not in the file.

Everything that could be a trap is looked at before the parser opens the file (TRUST 3.4): entries, names,
sizes as they really are, ratio, entities, macros, links to other files.
"""

import csv
import io
import itertools
import json
import os
import re
import resource
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta

ENTRIES = 200
UNPACKED = 300 * 1024 * 1024
RATIO = 100
SMALL = 10 * 1024 * 1024  # below this an honest table of empty rows may shrink as much as it likes
ROWS = 60_000
COLUMNS = 200
HEAD = 50  # lines that may stand above and below the table
CELL = 32_767  # characters, as Excel itself allows
BATCH = 500
PIECE = 1024 * 1024
MEMORY, SECONDS = 1024**3, 120

XML = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)
DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9_.-]+)")
CELLS = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
AT = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
ERROR = re.compile(rb'\bt="e"')
RESULT = re.compile(rb"<v>([^<]+)</v>")
MAYBE_FAR = re.compile(rb'r="(?:[A-Z]{3}|G[S-Z]|[H-Z][A-Z])[0-9]')  # found quickly, seldom there
FAR = re.compile(rb'<c\b[^>]*\br="(?:[A-Z]{3}|G[S-Z]|[H-Z][A-Z])[0-9]{1,7}"[^>]*[^/]>')


class Refused(Exception):
    """The file is not taken; the code says why (``gate.REASONS``)."""


def main(descriptor, deed, *further):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no files at all
    sys.setrecursionlimit(500)
    with open(int(descriptor), "rb") as file:
        try:
            if deed == "look":
                say(look(file))
            else:
                for line in read(file, int(further[0])):
                    say(line)
        except Refused as reason:
            say({"refused": str(reason)})
        except MemoryError:
            say({"refused": "bomb"})
        except BaseException as error:  # a panic of the parser is no Exception
            say({"refused": "broken", "why": type(error).__name__})


def say(line):
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    sys.stdout.buffer.flush()


# The gate


def is_workbook(file):
    file.seek(0)
    return file.read(4) == b"PK\x03\x04"


def look(file):
    """Every entry is read to its end: what the table of contents claims needs no trust."""
    if not is_workbook(file):
        return {"sheets": [{"name": "", "visible": True}], "kind": "csv"} if rows_of_text(file) else {}
    try:
        with zipfile.ZipFile(file) as archive:
            look_at_entries(archive.infolist(), file.seek(0, os.SEEK_END))
            dates = look_into(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Refused("broken") from error
    file.seek(0)
    book = workbook(file)
    sheets = [
        {"name": sheet.name, "visible": str(sheet.visible).endswith("Visible")}
        for sheet in book.sheets_metadata
        if str(sheet.typ).endswith("WorkSheet")
    ]
    if not sheets:
        raise Refused("nothing")
    return {"sheets": sheets, "kind": "xlsx", "date1904": dates}


def look_at_entries(entries, size):
    if len(entries) > ENTRIES:
        raise Refused("entries")
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) < len(names):
        raise Refused("broken")
    claimed, end = 0, 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or "\0" in name or ":" in name:
            raise Refused("broken")
        if entry.flag_bits & 0x1:
            raise Refused("password")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("broken")
        if entry.header_offset < end:  # entries that share their content
            raise Refused("bomb")
        end = entry.header_offset + 30 + entry.compress_size
        claimed += entry.file_size
        if "vbaproject" in name.lower() or "macrosheets/" in name.lower() or "activex/" in name.lower():
            raise Refused("macros")
        if "externallinks/" in name.lower():
            raise Refused("links")
    if claimed > UNPACKED or (claimed > SMALL and claimed > size * RATIO):
        raise Refused("bomb")
    known = {name.lower() for name in names}
    if "[content_types].xml" not in known or "xl/workbook.xml" not in known:
        raise Refused("kind")


def look_into(archive):
    """Reads all of it, in pieces; tells whether days are counted from 1904."""
    total, dates = 0, False
    for entry in archive.infolist():
        xml, tail, begins = XML.search(entry.filename), b"", True
        with archive.open(entry) as member:
            while piece := member.read(PIECE):
                total += len(piece)
                if total > UNPACKED:
                    raise Refused("bomb")
                if not xml:
                    continue
                if begins:
                    look_at_declaration(piece)
                    begins = False
                text = tail + piece
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise Refused("entities")
                if b"date1904" in text and entry.filename.lower() == "xl/workbook.xml":
                    dates = dates or bool(re.search(rb'date1904="(1|true)"', text))
                if (
                    entry.filename.lower().startswith("xl/worksheets/")
                    and MAYBE_FAR.search(text)
                    and FAR.search(text)
                ):
                    raise Refused("columns")
                tail = text[-256:]
    return dates


def look_at_declaration(piece):
    if piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in piece[:200]:
        raise Refused("broken")
    declared = DECLARED.search(piece[:200])
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise Refused("broken")


# Reading


def workbook(file):
    import python_calamine  # noqa: PLC0415 (only after the gate has let the file pass)

    try:
        return python_calamine.CalamineWorkbook.from_filelike(file)
    except python_calamine.PasswordError as error:
        raise Refused("password") from error
    except python_calamine.CalamineError as error:
        raise Refused("broken") from error


def read(file, number):
    if not is_workbook(file):
        yield from batches({"merged": []}, rows_of_text(file), 1)
        return
    file.seek(0)
    book = workbook(file)
    sheet = book.get_sheet_by_index(number)
    if sheet.start is None:
        raise Refused("empty")
    if sheet.end[1] >= COLUMNS:
        raise Refused("columns")
    if sheet.height > ROWS + HEAD:  # before anything further is done with it; empty rows do not count
        told_something = (row for row in sheet.iter_rows() if any(cell != "" for cell in row))
        if next(itertools.islice(told_something, ROWS + HEAD, None), None):
            raise Refused("rows")
    silent = silent_cells(file, sheet.name)
    merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
    left = sheet.start[1]  # empty rows above are told by the parser, empty columns on the left are not
    lines = (
        [None] * left + [(cell or None) if type(cell) is str else told(cell) for cell in row]
        for row in sheet.iter_rows()
    )
    lines = filled(lines, merged, silent)
    yield from batches({"merged": merged}, lines, 1)


def told(cell):
    if cell is None or cell == "":
        return None
    if isinstance(cell, (bool, str, int)):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 10**15 else cell
    if isinstance(cell, (datetime, date)):
        return ["d", cell.isoformat()]
    if isinstance(cell, time):
        return ["t", cell.isoformat()]
    if isinstance(cell, timedelta):
        return ["t", (datetime.min + cell).time().isoformat()] if cell < timedelta(days=1) else str(cell)
    return str(cell)


def filled(lines, merged, silent):
    """What a merged cell says, it says of every row it spans; what the parser does not tell is put in."""
    spans = {}
    for top, left, bottom, right in merged:
        if top < bottom and bottom - top < ROWS:
            spans.setdefault(top, []).append((bottom, left, min(right, COLUMNS)))
    running = []
    for row, line in enumerate(lines):
        for column, cell in silent.get(row, ()):
            line += [None] * (column + 1 - len(line))
            line[column] = cell
        running = [span for span in running if span[0] >= row]
        for _bottom, left, value in running:
            if left < len(line) and line[left] is None:
                line[left] = value
        for bottom, left, _right in spans.get(row, ()):
            if left < len(line) and line[left] is not None:
                running.append((bottom, left, line[left]))
        yield line


def batches(about, lines, first):
    yield about
    batch, count = [], 0
    for number, line in enumerate(lines, start=first):
        while line and line[-1] is None:
            line.pop()
        if line:
            count += 1
            if count > ROWS + HEAD:
                raise Refused("rows")
            if len(line) > COLUMNS:
                raise Refused("columns")
            for cell in line:
                if type(cell) is str and len(cell) > CELL:
                    raise Refused("cell")
            batch.append([number, line])
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch
    if not count:
        raise Refused("empty")


def silent_cells(file, name):
    """What the parser leaves empty: formulas without a result, and errors. ``{row: [(column, cell)]}``."""
    with zipfile.ZipFile(file) as archive:
        path = path_of(archive, name)
        if not path or not may_be_silent(archive, path):
            return {}
        text = archive.read(path)
    found = {}
    for cell in CELLS.finditer(text):
        content = cell[2] or b""
        error = ERROR.search(cell[1])
        if not error and (b"<f" not in content or RESULT.search(content)):
            continue
        at = AT.search(cell[1])
        if at is None or (b"<f" in content and b't="str"' in cell[1] and b"<v" in content):
            continue
        result = RESULT.search(content)
        value = ["e", result[1].decode("ascii", "replace") if result else "#"] if error else ["f", ""]
        found.setdefault(int(at[2]) - 1, []).append((column_of(at[1].decode()), value))
    return found


def may_be_silent(archive, path):
    """Whether there is any formula or error at all; most sheets have none."""
    tail = b""
    with archive.open(path) as member:
        while piece := member.read(PIECE):
            text = tail + piece
            if b"<f" in text or b't="e"' in text:
                return True
            tail = text[-8:]
    return False


def column_of(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def path_of(archive, name):
    """The entry of a sheet: named in the workbook, told where by its relations."""
    text = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for link in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links):
        key, target = re.search(r'\bId="([^"]*)"', link), re.search(r'\bTarget="([^"]*)"', link)
        if key and target:
            targets[key[1]] = target[1]
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", text):
        called, key = re.search(r'\bname="([^"]*)"', sheet), re.search(r'\b\w+:id="([^"]*)"', sheet)
        if called and key and unescaped(called[1]) == name:
            target = targets.get(key[1], "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return path if path in archive.namelist() else None
    return None


def unescaped(text):
    for mark, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(mark, sign)
    return text


# Texts with separators


def rows_of_text(file):
    """The rows of a CSV file in UTF-8 or GB18030, separated by commas, tabs or semicolons."""
    file.seek(0)
    raw = file.read()
    if b"\0" in raw[:4096] and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused("kind")
    for encoding in (
        "utf-8-sig",
        "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030",
        "gb18030",
    ):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused("letters")
    if "\0" in text:
        raise Refused("kind")
    head = text[:20_000].splitlines()[:20]
    separator = max(",\t;", key=lambda sign: sum(line.count(sign) for line in head))
    csv.field_size_limit(CELL * 4)
    try:
        return [
            [cell if cell.strip() else None for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
    except csv.Error as error:
        raise Refused("broken") from error


if __name__ == "__main__":
    main(*sys.argv[1:])
