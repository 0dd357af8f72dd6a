"""Tables that were handed in, kept sealed until they are imported: they are full of personal numbers.

A file is a row of sealed pieces, each with its length before it; a piece moved elsewhere opens no more.
"""

import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from linkage.foundation.fields import seal_bytes, unseal_bytes

PIECE = 1024 * 1024
FOLDER = "sheets"


def store(file):
    """Seal and keep a file; the name that finds it again."""
    name = f"{FOLDER}/{uuid.uuid4().hex}.sealed"
    file.seek(0)
    sealed, number = bytearray(), 0
    while piece := file.read(PIECE):
        body = seal_bytes(piece, f"{name} {number}")
        sealed += len(body).to_bytes(4, "big") + body
        number += 1
    return default_storage.save(name, ContentFile(bytes(sealed)))


def pieces(name):
    """The bytes of a kept file, piece by piece."""
    with default_storage.open(name) as file:
        number = 0
        while length := file.read(4):
            yield unseal_bytes(file.read(int.from_bytes(length, "big")), f"{name} {number}")
            number += 1


def discard(name):
    if name:
        default_storage.delete(name)
