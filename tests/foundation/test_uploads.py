"""Attachments are judged by what they hold, not by what they are called."""

import hashlib
import io
import os
import re
import time
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linkage.foundation import leftovers, uploads

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(kind, size=(40, 30), mode="RGB"):
    out = io.BytesIO()
    Image.new(mode, size, 200).save(out, kind)
    return out.getvalue()


def ole(*names):
    return OLE + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)


def archive(members, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return out.getvalue()


def docx(**more):
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>", **more})


def xlsx(**more):
    return archive({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>", **more})


def ofd():
    return archive({"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<ofd:Document/>"})


GOOD = {
    "会议记录.pdf": PDF,
    "签到表.jpg": picture("JPEG"),
    "签到表.JPEG": picture("JPEG"),
    "公示照片.png": picture("PNG"),
    "记录.doc": ole("Root Entry", "WordDocument"),
    "台账.xls": ole("Root Entry", "Workbook"),
    "记录.docx": docx(),
    "台账.xlsx": xlsx(),
    "决议.ofd": ofd(),
}


def check(name, content):
    return uploads.check(SimpleUploadedFile(name, content))


def refused(name, content):
    with pytest.raises(ValidationError) as refusal:
        check(name, content)
    assert str(refusal.value.messages[0])
    return refusal.value.code


@pytest.fixture
def folder(settings, tmp_path):
    settings.FILES = tmp_path
    return tmp_path / "uploads"


@pytest.mark.parametrize("name", GOOD)
def test_every_promised_kind_is_taken(name):
    checked = check(name, GOOD[name])
    assert checked.name == name
    assert checked.size == len(GOOD[name])
    assert checked.sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    assert checked.content_type == uploads.TYPES[checked.ext]


@pytest.mark.parametrize("name", ["a.wps", "a.et", "a.dps", "照片.HEIC", "照片.heif"])
def test_wps_and_heic_are_refused_with_the_way_out(name):
    assert refused(name, PDF) == "way_out"


def test_a_heic_photo_renamed_to_jpg_is_refused_with_the_way_out():
    assert refused("照片.jpg", b"\0\0\0\x18ftypheic" + bytes(100)) == "way_out"


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.exe", "a.zip", "a.docm", "a", "a.pdf.js"])
def test_other_kinds_are_refused(name):
    assert refused(name, b"<svg onload=alert(1)>") == "kind"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", picture("PNG")),
        ("a.pdf", b"<html>%PDF-1.7 %%EOF"),
        ("a.jpg", picture("PNG")),
        ("a.jpg", b"MZ" + bytes(500)),
        ("a.docx", xlsx()),
        ("a.xlsx", docx()),
        ("a.docx", archive({"a.txt": "x"})),
        ("a.doc", docx()),
        ("a.doc", b"{\\rtf1}"),
        ("a.xls", b"<html><table></table></html>"),
        ("a.doc", ole("Root Entry", "PowerPoint Document")),
        ("a.docx", b"MZ" + docx()),
        ("a.ofd", docx()),
    ],
)
def test_content_and_extension_must_agree(name, content):
    assert refused(name, content) == "content"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"%PDF-1.7 cut off", "broken"),
        ("a.jpg", picture("JPEG", (600, 400))[:700], "broken"),
        ("a.png", picture("PNG", (600, 400))[:60], "broken"),
        ("a.docx", docx()[:80], "broken"),
        ("a.docx", docx(**{"../evil": "x"}), "broken"),
        ("a.docx", docx(**{"word/vbaProject.bin": "x"}), "macros"),
        ("a.xls", ole("Root Entry", "Workbook", "_VBA_PROJECT"), "macros"),
        ("a.doc", ole("Root Entry", "EncryptedPackage"), "password"),
        ("a.pdf", PDF + archive({"a": "b"}), "broken"),
        ("a.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>\n%%EOF", "polyglot"),
        ("a.pdf", PDF.replace(b"%%EOF", b"%%EOF<script>"), "polyglot"),
        ("a.png", picture("PNG") + b"<script>alert(1)</script>", "polyglot"),
        ("a.jpg", picture("JPEG") + archive({"a": "b"}), "polyglot"),
        ("a.pdf", EICAR, "virus"),
        ("a.docx", docx(**{"word/media/x.bin": EICAR}), "virus"),
    ],
)
def test_what_is_broken_or_hides_something_is_refused_with_its_reason(name, content, reason):
    if reason == "broken" and content.startswith(PDF):
        content = content + bytes(2048)
    assert refused(name, content) == reason


def test_a_picture_of_20000_pixels_is_refused():
    assert refused("a.png", picture("PNG", (20_000, 10), "1")) == "pixels"
    assert refused("a.png", picture("PNG", (12_000, 9_000), "1")) == "pixels"


def test_a_zip_bomb_is_refused_quickly():
    bomb = docx(**{"word/media/zeros.bin": bytes(60 * 1024 * 1024)})
    started = time.monotonic()
    assert refused("a.docx", bomb) == "bomb"
    assert refused("a.docx", docx(**{f"word/{n}": "" for n in range(2_001)})) == "bomb"
    assert time.monotonic() - started < 5


def test_a_zip_that_lies_about_its_sizes_is_refused():
    honest = docx(**{"word/media/zeros.bin": bytes(1024 * 1024)})
    assert refused("a.docx", honest.replace((1024 * 1024).to_bytes(4, "little"), b"\x10\0\0\0")) == "broken"


def test_the_limit_of_size_is_a_setting(settings):
    settings.ATTACHMENT_MAX_BYTES = len(PDF)
    assert check("a.pdf", PDF).size == len(PDF)
    assert refused("a.pdf", PDF + b"\n") == "size"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/会议.pdf", "会议.pdf"),
        ("C:\\桌面\\会议.pdf", "会议.pdf"),
        ("会\x00议\r\n.pdf", "会议.pdf"),
        ("会议\u202efdp.exe.pdf", "会议fdp.exe.pdf"),
        ("𠮷.pdf", "𠮷.pdf"),
        ("  会议 .pdf ", "会议.pdf"),
    ],
)
def test_names_are_made_fit_to_be_shown(given, shown):
    assert uploads.display_name(given) == shown


def test_a_long_name_is_cut_and_keeps_its_extension():
    shown = uploads.display_name("长" * 300 + ".docx")
    assert len(shown) == 150
    assert shown.endswith("长.docx")
    assert uploads.display_name(".pdf").endswith(".pdf")
    assert len(uploads.display_name(".pdf")) > len(".pdf")


def test_a_stored_file_has_a_random_name_and_comes_back_whole(folder):
    first, second = (uploads.store(check("会议记录.pdf", PDF)) for _ in range(2))
    assert first != second
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}\.pdf", first)
    with uploads.open_stored(first) as kept:
        assert kept.read() == PDF
    assert list((folder / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "ab/cd/../../x.pdf", "", "ab/cd/x.pdf\n"]
)
def test_only_names_given_by_the_store_are_opened(folder, name):
    with pytest.raises(FileNotFoundError):
        uploads.open_stored(name)


def test_a_served_file_can_run_nothing(folder):
    name = uploads.store(check("记录.docx", docx()))
    answer = uploads.serve(name, "会议 记录.docx", uploads.TYPES["docx"], inline=True)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "utf-8''" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == docx()
    answer.file_to_stream.close()


def test_pictures_may_be_looked_at_in_the_browser(folder):
    name = uploads.store(check("签到表.jpg", GOOD["签到表.jpg"]))
    for inline, disposition in ((True, "inline"), (False, "attachment")):
        answer = uploads.serve(name, "签到表.jpg", "image/jpeg", inline=inline)
        assert answer["Content-Disposition"].startswith(disposition)
        answer.file_to_stream.close()


def test_the_sweeper_removes_old_files_that_no_row_names(folder):
    kept, orphan, young = (uploads.store(check("a.pdf", PDF)) for _ in range(3))
    (folder / "incoming" / "half").write_bytes(b"half")
    long_ago = time.time() - 2 * 86400
    for path in (folder / kept, folder / orphan, folder / "incoming" / "half"):
        os.utime(path, (long_ago, long_ago))

    gone = leftovers.sweep(lambda names: {kept} & set(names), older_than=timedelta(days=1))

    assert gone == 2
    assert (folder / kept).exists()
    assert (folder / young).exists()
    assert not (folder / orphan).exists()
    assert not list((folder / "incoming").iterdir())
