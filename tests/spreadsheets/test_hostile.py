"""Files that mean harm or are none: refused with the reason in under two seconds, the host unharmed."""

import io
import random
import resource
import struct
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from linkage.foundation.spreadsheets import gate, services
from tests.spreadsheets.makers import book

TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{LINK}"><sheets>'
    '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{LINK}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
ROOT = RELS.replace("worksheets/sheet1.xml", "xl/workbook.xml").replace('/worksheet"', '/officeDocument"')


def packed(sheet="", *, more=(), head=""):
    """A workbook whose sheet is this XML, with further entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELS)
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'{head}<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        )
        for name, content in more:
            archive.writestr(name, content)
    return file.getvalue()


def cell(at, text="x"):
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def honest():
    return book([["姓名", "社区"], ["甲", "幸福里社区"]]).read()


def encrypted():
    raw = bytearray(honest())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + place] |= 1
            at = raw.find(mark, at + 4)
    return bytes(raw)


def overlapping():
    """Two entries of the table of contents that point at one content."""
    raw = honest()
    end = raw.rfind(b"PK\x05\x06")
    size, start = struct.unpack("<II", raw[end + 12 : end + 20])
    entry = raw[start : start + size]
    first = entry[: 46 + struct.unpack("<H", entry[28:30])[0] + struct.unpack("<H", entry[30:32])[0]]
    copy = bytearray(first)
    copy[46:47] = b"Z"
    count = struct.unpack("<H", raw[end + 10 : end + 12])[0] + 1
    tail = raw[end : end + 8] + struct.pack("<HHII", count, count, size + len(copy), start) + b"\0\0"
    return raw[:end] + bytes(copy) + tail


def noise(before, after, lines=1_000):
    """What hardly packs, so that no ratio gives it away."""
    chance = random.Random(0)
    return "".join(f"{before}{chance.getrandbits(200)}{after}" for _ in range(lines))


def plenty():
    """Shared strings of 200 MB that shrink to a fiftieth, as honest ones may."""
    return f'<sst xmlns="{MAIN}">{noise("<si><t>", "A" * 3_000 + "</t></si>", 2_000) * 33}</sst>'


def lying():
    """An entry that claims to be small and is not."""
    raw = bytearray(packed("<row>" + "A" * 400_000_000 + "</row>"))
    return bytes(raw)


HOSTILE = {
    "a dimension bomb": lambda: packed(
        f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row>'
    ),
    "a far column": lambda: packed(f'<row r="1">{cell("A1")}{cell("HA1")}</row>'),
    "16,384 columns": lambda: packed("<row>" + "<c><v>1</v></c>" * 16_384 + "</row>"),
    "shared strings of 400 MB": lambda: packed(more=[("xl/sharedStrings.xml", "A" * 400_000_000)]),
    "a sheet of 400 MB": lying,
    "entities": lambda: packed(head='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
    "an entity from a file": lambda: packed(head='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    "another encoding": lambda: packed(head='<?xml version="1.0" encoding="UTF-7"?>'),
    "shared strings of 200 MB": lambda: packed(more=[("xl/sharedStrings.xml", plenty())]),
    "2,000 entries": lambda: packed(more=[(f"xl/media/{n}", b"") for n in range(2_000)]),
    "100,000 entries": lambda: packed(more=[(f"m/{n}", b"") for n in range(100_000)]),
    "a way out of the folder": lambda: packed(more=[("../../evil.txt", b"x")]),
    "an absolute name": lambda: packed(more=[("/etc/cron.d/evil", b"x")]),
    "macros": lambda: packed(more=[("xl/vbaProject.bin", b"x")]),
    "values of other files": lambda: packed(more=[("xl/externalLinks/externalLink1.xml", "<a/>")]),
    "a password": encrypted,
    "shared content": overlapping,
    "half a file": lambda: honest()[: len(honest()) // 2],
    "no file at all": lambda: b"PK\x03\x04" + bytes(500),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a page": lambda: b"<html><script>alert(1)</script></html>",
    "Excel 97": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a document": lambda: zipped({"word/document.xml": "<a/>", "[Content_Types].xml": TYPES}),
    "nothing": lambda: b"",
    "an empty sheet": lambda: packed(),
    "too many rows": lambda: packed(
        "".join(f"<row>{cell('A1')}</row>".replace('r="A1" ', "") for _ in range(61_000))
    ),
    "600,000 rows": lambda: packed(noise("<row><c><v>", "</v></c></row>") * 600),
}


def zipped(entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def taken(content, name="台账.xlsx"):
    """What the platform does with a file before anything is kept of it, and the reading after it."""
    gate.check_head(name, len(content), content[:8])
    with gate.scratch([content]) as file:
        seen = gate.look(file)
        for row in gate.read(file, seen.sheets[0].number):
            assert row


def spent():
    """Seconds of work of this process and its children: what others do on the machine does not count."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


LARGE = {"shared strings of 200 MB", "100,000 entries", "600,000 rows"}  # long in the making


@pytest.mark.parametrize(
    "kind", [pytest.param(one, marks=pytest.mark.long if one in LARGE else ()) for one in HOSTILE]
)
def test_a_hostile_file_is_refused_in_words_and_fast(kind):
    content = HOSTILE[kind]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = spent()
    with pytest.raises(ValidationError) as refused:
        taken(content)
    seconds = spent() - begun
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert refused.value.code in gate.REASONS
    assert seconds < 2, f"{seconds:.1f} s"
    assert grown < 50_000, f"{grown} kB"


def test_an_honest_file_passes():
    taken(honest())
    taken("姓名,社区\r\n甲,幸福里社区".encode("gb18030"), "台账.csv")


def test_a_blank_tail_of_a_million_rows_is_no_harm():
    rows = f'<row r="1">{cell("A1", "姓名")}</row><row r="2">{cell("A2", "甲")}</row>'
    tail = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 200_000))
    with gate.scratch([packed(rows + tail)]) as file:
        gate.look(file)
        assert [row[0] for row in gate.read(file) if isinstance(row, tuple)] == [1, 2]


def test_formulas_without_a_result_and_errors_are_told_by_cell():
    made = Workbook()
    made.active.append(["a", "=1+1", "#DIV/0!", 3])
    made.active["C1"].data_type = "e"
    file = io.BytesIO()
    made.save(file)
    with gate.scratch([file.getvalue()]) as kept:
        rows = [row for row in gate.read(kept) if isinstance(row, tuple)]
    assert rows == [(1, ["a", ["f", ""], ["e", "#DIV/0!"], 3])]


@pytest.mark.long
def test_a_thousand_damaged_files_are_read_or_refused_in_words():
    """Bits turned around at random, one in a hundred to one in ten thousand (as zzuf does)."""
    chance, content, refused = random.Random(2026), honest(), 0
    for number in range(1000):
        broken = bytearray(content)
        for _ in range(max(1, int(len(broken) * 8 * 10 ** -chance.uniform(2, 4)))):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        begun = spent()
        try:
            taken(bytes(broken))
        except ValidationError as refusal:
            assert refusal.code in gate.REASONS, number
            refused += 1
        assert spent() - begun < 2, number
    assert 500 < refused <= 1000


@pytest.mark.django_db
def test_damaged_files_never_reach_the_register(world):
    """One byte in a hundred turned around, many times over: refused, or read as what it still says."""
    content = honest()
    for seed in range(25):
        broken = bytearray(content)
        for at in range(seed, len(broken), 97):
            broken[at] ^= zlib.crc32(bytes([seed, at % 256])) & 0xFF
        file = SimpleUploadedFile("台账.xlsx", bytes(broken))
        with pytest.raises(ValidationError):
            services.hand_in("volunteers.volunteer", file, by=world.people["street"])
