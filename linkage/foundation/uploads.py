"""The gate for attachments: what a file is, is decided by its content, and it is kept under a random name."""

import hashlib
import io
import os
import re
import unicodedata
import uuid
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image

MAX_BYTES = 20 * 1024 * 1024
NAME_LIMIT = 150
PIXELS = 64_000_000
SIDE = 16_000
ZIP_ENTRIES = 2_000
ZIP_BYTES = 200 * 1024 * 1024
ZIP_RATIO = 100
ZIP_SMALL = 10 * 1024 * 1024  # below this an honest table of empty rows may shrink as much as it likes

OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "doc": "application/msword",
    "docx": OFFICE + "wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "ofd": "application/ofd",
}
ACCEPT = ".pdf,.jpg,.jpeg,.png,.doc,.docx,.xls,.xlsx,.ofd"
SHOWN_IN_THE_BROWSER = {"application/pdf", "image/jpeg", "image/png"}

WAYS_OUT = {
    "wps": _("Save it as docx or pdf in WPS, then upload that."),
    "et": _("Save it as xlsx or pdf in WPS, then upload that."),
    "dps": _("Save it as pdf in WPS, then upload that."),
    "heic": _("Set the photo format of the phone to JPG, or save the photo as JPG, then upload that."),
}
WAYS_OUT |= {
    "wpt": WAYS_OUT["wps"],
    "ett": WAYS_OUT["et"],
    "ppt": WAYS_OUT["dps"],
    "pptx": WAYS_OUT["dps"],
    "heif": WAYS_OUT["heic"],
}

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR"
MARKUP = (b"<script", b"<html", b"<!doctype", b"<svg", b"<iframe", b"<?php")
STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}\.(pdf|jpg|png|docx?|xlsx?|ofd)")


@dataclass(frozen=True)
class Checked:
    """A file that passed the gate. ``name`` is fit to be shown; it never becomes a path."""

    file: object
    name: str
    content_type: str
    size: int
    sha256: str
    ext: str


def limit():
    return getattr(settings, "ATTACHMENT_MAX_BYTES", MAX_BYTES)


def display_name(name):
    """The name as the uploader knows it: no folders, no control or direction marks, at most 150 long."""
    name = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    stem, dot, ext = name.strip().rstrip(" .").rpartition(".")
    if not dot:
        stem, ext = ext, ""
    stem, ext = stem.strip(" .") or gettext("attachment"), ext[:10]
    return f"{stem[: NAME_LIMIT - len(ext) - len(dot)].rstrip()}{dot}{ext}"


def check(upload):
    """Look at an uploaded file; a ``Checked`` or a ValidationError that says what to do."""
    name = display_name(upload.name or "")
    ext = name.rpartition(".")[2].lower() if "." in name else ""
    ext = {"jpeg": "jpg"}.get(ext, ext)
    if ext in WAYS_OUT:
        raise ValidationError(
            _("%(ext)s files cannot be taken. %(way)s"),
            code="way_out",
            params={"ext": ext, "way": WAYS_OUT[ext]},
        )
    if ext not in TYPES:
        raise ValidationError(
            _("This kind of file is not accepted. Accepted are pdf, jpg, png, doc, docx, xls, xlsx and ofd."),
            code="kind",
        )
    if not upload.size:
        raise ValidationError(_("The file is empty."), code="empty")
    if upload.size > limit():
        raise ValidationError(
            _("The file has %(size)s, at most %(limit)s is allowed."),
            code="size",
            params={"size": filesizeformat(upload.size), "limit": filesizeformat(limit())},
        )
    upload.seek(0)
    content = upload.read(limit() + 1)
    upload.seek(0)
    if EICAR in content:
        raise _infected()
    found = _kind_of(content)
    if found in WAYS_OUT:
        raise ValidationError(WAYS_OUT[found], code="way_out")
    if found != ext:
        raise ValidationError(
            _("The content of the file is not %(ext)s. Save it again as %(ext)s or pdf, then upload that."),
            code="content",
            params={"ext": ext},
        )
    LOOKS[found](content)
    return Checked(upload, name, TYPES[ext], len(content), hashlib.sha256(content).hexdigest(), ext)


def check_all(key, files):
    """Look at several files; all of them pass, or a ValidationError at ``key`` names each that does not."""
    checked, wrong = [], []
    for file in files:
        try:
            checked.append(check(file))
        except ValidationError as error:
            name = display_name(file.name or "")
            wrong += [
                gettext("%(file)s: %(problem)s") % {"file": name, "problem": problem}
                for problem in error.messages
            ]
    if wrong:
        raise ValidationError({key: wrong})
    return checked


def _kind_of(content):
    """What the first bytes and the table of contents say; an empty string for anything not accepted."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heif"):
        return "heic"
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _kind_of_ole(content)
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_zip(content)
    return ""


def _in_ole(content, *names):
    return any(name.encode("utf-16-le") in content for name in names)


def _kind_of_ole(content):
    if _in_ole(content, "EncryptedPackage"):
        raise _locked()
    if _in_ole(content, "WordDocument"):
        return "doc"
    return "xls" if _in_ole(content, "Workbook", "Book\0") else ""


def _kind_of_zip(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RecursionError) as error:
        raise _broken() from error
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return "docx"
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "ppt/presentation.xml" in names:
            return "pptx"
    return ""


def _look_at_pdf(content):
    if b"%%EOF" not in content[-2048:]:
        raise _broken()
    if b"PK\x05\x06" in content[-2048:] or _markup(content[:1024]) or _markup(content[-1024:]):
        raise _two_faced()


def _look_at_picture(content, kind):
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            width, height = picture.size
            if width * height > PIXELS or max(width, height) > SIDE:
                raise _too_many_pixels()
            if kind == "JPEG":
                picture.draft("RGB", (max(width // 8, 1), max(height // 8, 1)))  # an eighth is decoded
                picture.load()
            else:
                picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError, ValueError, EOFError, zlib.error, OverflowError) as error:
        raise _broken() from error
    if _markup(content) or b"PK\x05\x06" in content[-2048:]:
        raise _two_faced()


def _look_at_jpeg(content):
    _look_at_picture(content, "JPEG")


def _look_at_png(content):
    _look_at_picture(content, "PNG")


def _look_at_ole(content):
    if _in_ole(content, "_VBA_PROJECT"):
        raise _with_macros()
    if b"PK\x05\x06" in content[-2048:]:
        raise _two_faced()


def _look_at_zip(content):
    """Every entry is read to its end, so that sizes claimed in the table of contents need no trust."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if (
                len(entries) > ZIP_ENTRIES
                or unpacked > ZIP_BYTES
                or (unpacked > ZIP_SMALL and unpacked > len(content) * ZIP_RATIO)
            ):
                raise ValidationError(_("The file unpacks to far too much. Save it as pdf."), code="bomb")
            for entry in entries:
                _look_at_entry(archive, entry)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise _broken() from error


def _look_at_entry(archive, entry):
    if entry.flag_bits & 0x1:
        raise _locked()
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _broken()
    if entry.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", entry.filename):
        raise _broken()
    if entry.filename.lower().endswith("vbaproject.bin"):
        raise _with_macros()
    tail = b""
    with archive.open(entry) as member:
        while piece := member.read(1024 * 1024):
            if EICAR in tail + piece:
                raise _infected()
            tail = piece[-len(EICAR) :]


LOOKS = {
    "pdf": _look_at_pdf,
    "jpg": _look_at_jpeg,
    "png": _look_at_png,
    "doc": _look_at_ole,
    "xls": _look_at_ole,
    "docx": _look_at_zip,
    "xlsx": _look_at_zip,
    "ofd": _look_at_zip,
}


def _markup(content):
    low = content.lower()
    return any(mark in low for mark in MARKUP)


def _broken():
    return ValidationError(_("The file is damaged and cannot be opened. Save it again."), code="broken")


def _infected():
    return ValidationError(_("The file carries a virus and was not taken."), code="virus")


def _locked():
    return ValidationError(_("The file has a password. Save it without one."), code="password")


def _too_many_pixels():
    return ValidationError(_("The picture is too large. Make it smaller, then upload it."), code="pixels")


def _two_faced():
    return ValidationError(_("The file hides content of another kind and was not taken."), code="polyglot")


def _with_macros():
    return ValidationError(_("The file contains macros. Save it as pdf."), code="macros")


def store(checked):
    """Keep the file; the relative name that finds it again. Half a file is never found."""
    key = uuid.uuid4().hex
    name = f"{key[:2]}/{key[2:4]}/{key}.{checked.ext}"
    final = folder() / name
    incoming = folder() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    final.parent.mkdir(parents=True, exist_ok=True)
    draft = incoming / key
    try:
        with draft.open("xb") as out:
            checked.file.seek(0)
            while piece := checked.file.read(1024 * 1024):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(final)
    finally:
        draft.unlink(missing_ok=True)
    return name


def open_stored(name):
    """The kept file, for reading. A name this module did not give is simply not there."""
    return _path(name).open("rb")


def discard(name):
    _path(name).unlink(missing_ok=True)


def serve(name, display_name, content_type, inline=False):
    """The answer that carries a kept file. Ask for the right to read before calling this."""
    shown = inline and content_type in SHOWN_IN_THE_BROWSER
    answer = FileResponse(
        open_stored(name), as_attachment=not shown, filename=display_name, content_type=content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Cache-Control"] = "private, no-store"
    return answer


def folder():
    return Path(settings.FILES) / "uploads"


def _path(name):
    if not STORED.fullmatch(name):
        raise FileNotFoundError(name)
    return folder() / name
