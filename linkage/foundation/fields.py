"""Personal data at rest: sealed with SM4-GCM or AES-GCM, findable only by a keyed hash.

A sealed value reads ``cipher:key:body``. Which cipher and which key, each value says itself, so values
of several ciphers and keys stand side by side; ``linkage.foundation.sealing`` brings them to today's form.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.lookups import Exact
from django.utils.encoding import force_bytes

NONCE = 12  # bytes, the length GCM is made for
TAG = 16


class Unreadable(Exception):
    """A sealed value that none of the keys opens: a key is missing, or the value was moved or altered."""


@lru_cache(maxsize=64)
def _derive(secret, purpose, *, length=32, algorithm=hashes.SHA256):
    kdf = HKDF(algorithm=algorithm(), length=length, salt=None, info=b"linkage/" + purpose.encode())
    return kdf.derive(force_bytes(secret))


@lru_cache(maxsize=64)
def _name(secret):
    """A short public name of a key, so that reading finds the right one at once."""
    return hashlib.sha256(_derive(secret, "name")).hexdigest()[:8]


class AES:
    """AES-256-GCM."""

    mark = "1"

    def __init__(self, secret):
        self._aead = AESGCM(_derive(secret, "seal"))

    def seal(self, nonce, text, place):
        return self._aead.encrypt(nonce, text, place)

    def open(self, nonce, sealed, place):
        return self._aead.decrypt(nonce, sealed, place)


class SM4:
    """SM4-GCM (GB/T 32907, RFC 8998), its key derived with SM3: the commercial ciphers of the state."""

    mark = "2"

    def __init__(self, secret):
        self._key = algorithms.SM4(_derive(secret, "seal-sm4", length=16, algorithm=hashes.SM3))

    def seal(self, nonce, text, place):
        encryptor = Cipher(self._key, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(place)
        return encryptor.update(text) + encryptor.finalize() + encryptor.tag

    def open(self, nonce, sealed, place):
        if len(sealed) < TAG:
            raise InvalidTag
        decryptor = Cipher(self._key, modes.GCM(nonce, sealed[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(place)
        return decryptor.update(sealed[:-TAG]) + decryptor.finalize()


CIPHERS = {"sm4": SM4, "aes": AES}


@lru_cache(maxsize=64)
def _cipher(kind, secret):
    return kind(secret)


@lru_cache(maxsize=8)
def _openers(secrets):
    """By the head of a sealed value, what opens it."""
    return {
        f"{kind.mark}:{_name(secret)}": _cipher(kind, secret)
        for kind in CIPHERS.values()
        for secret in secrets
    }


def _secrets():
    if not settings.DATA_KEYS:
        raise ImproperlyConfigured("DATA_KEYS is empty: personal data cannot be sealed.")
    return settings.DATA_KEYS


@lru_cache(maxsize=8)
def _sealer(name, secret):
    """The cipher, and how values begin that it has sealed."""
    kind = CIPHERS[name]
    return _cipher(kind, secret), f"{kind.mark}:{_name(secret)}:"


def _sealer_of_today():
    return _sealer(settings.DATA_CIPHER, _secrets()[0])


def head():
    """How values begin that are sealed today: with this cipher and this key."""
    return _sealer_of_today()[1]


def seal(text, place):
    """Encrypt ``text`` for one column (``place``); moved elsewhere it no longer opens."""
    cipher, start = _sealer_of_today()
    nonce = os.urandom(NONCE)
    body = base64.b64encode(nonce + cipher.seal(nonce, text.encode(), place.encode()))
    return f"{start}{body.decode()}"


def unseal(value, place):
    start, _colon, body = value.rpartition(":")
    opener = _openers(tuple(_secrets())).get(start)
    if opener is None:
        raise Unreadable(place)
    try:
        raw = base64.b64decode(body, validate=True)
        return opener.open(raw[:NONCE], raw[NONCE:], place.encode()).decode()
    except (ValueError, InvalidTag) as error:
        raise Unreadable(place) from error


def seal_bytes(raw, place):
    """Encrypt bytes, say a piece of a file; the first line says cipher and key, like the head of a text."""
    cipher, start = _sealer_of_today()
    nonce = os.urandom(NONCE)
    return start.encode() + b"\n" + nonce + cipher.seal(nonce, raw, place.encode())


def unseal_bytes(sealed, place):
    start, _line, body = sealed.partition(b"\n")
    opener = _openers(tuple(_secrets())).get(start.decode("ascii", "replace").rstrip(":"))
    if opener is None:
        raise Unreadable(place)
    try:
        return opener.open(body[:NONCE], body[NONCE:], place.encode())
    except InvalidTag as error:
        raise Unreadable(place) from error


def keyed_hash(value):
    """What equality search compares in place of the value itself.

    Its key is one for good (``HASH_KEY``): another one, and nobody entered before would be found again.
    """
    return hmac.digest(_derive(settings.HASH_KEY, "hash"), force_bytes(str(value)), "sha256").hex()


class Opened(str):
    """A decrypted value that remembers its sealed form, so that saving it unchanged changes nothing."""

    __slots__ = ("place", "sealed")

    def __new__(cls, text, sealed="", place=""):
        self = super().__new__(cls, text)
        self.sealed = sealed
        self.place = place
        return self

    def __reduce__(self):
        return str, (str(self),)

    def __deepcopy__(self, memo):
        return self


class Emptiness(Exact):
    """``phone=""``: nothing is sealed there. No other value can be compared."""

    def get_prep_lookup(self):
        if self.rhs != "":
            raise FieldError("This field is encrypted: it can only be asked whether it is empty.")
        return super().get_prep_lookup()


class EncryptedTextField(models.TextField):
    """Text that the database only ever sees sealed. It can only be asked whether it is empty."""

    description = "Encrypted text"

    def get_lookup(self, lookup_name):
        if lookup_name == "exact":
            return Emptiness
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: it can only be asked whether it is empty.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name):
        raise FieldError(f"{self.name} is encrypted: it can only be asked whether it is empty.")

    @property
    def place(self):
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        if value is None or value == "":
            return value
        if isinstance(value, Opened) and value.place == self.place and value.sealed.startswith(head()):
            return value.sealed
        return seal(value, self.place)

    def from_db_value(self, value, expression, connection):
        if value is None or value == "":
            return value
        return Opened(unseal(value, self.place), value, self.place)
