"""Answers made comparable: what differs from request to request is covered."""

import io
import re
import zipfile

COVERED = [
    (re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+'), rb"\1#"),
    (re.compile(rb"(X-CSRFToken[^A-Za-z0-9]+)[A-Za-z0-9]{32,}"), rb"\1#"),
    (re.compile(rb'(name="(?:once|token|objection-token)"[^>]* value=")[^"]+'), rb"\1#"),
]


def masked(answer, ids=()):
    """Status, place and body of an answer without its tokens and without the ids that were asked for."""
    body = b"" if answer.streaming else answer.content
    for pattern, cover in COVERED:
        body = pattern.sub(cover, body)
    where = answer.get("Location", "").encode()
    for number in sorted(ids, key=len, reverse=True):
        word = re.compile(rb"(?<![0-9A-Za-z])" + re.escape(str(number).encode()) + rb"(?![0-9A-Za-z])")
        body, where = word.sub(b"#", body), word.sub(b"#", where)
    return answer.status_code, where, body


def unpacked(answer):
    """Every byte of an answer that carries text: headers, body, the parts of an office file."""
    body = answer.getvalue() if answer.streaming else answer.content
    text = body + b"\n".join(f"{name}: {value}".encode() for name, value in answer.headers.items())
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            text += b"\n".join(parts.read(name) for name in parts.namelist())
    return text
