"""Personal data at rest: sealed with AES-GCM, findable only by a keyed hash."""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.lookups import Exact
from django.utils.encoding import force_bytes

NONCE = 12  # bytes, the length AES-GCM is made for


class Unreadable(Exception):
    """A sealed value that none of the keys opens: a key is missing, or the value was moved or altered."""


@lru_cache(maxsize=64)
def _derive(secret, purpose):
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"linkage/" + purpose.encode())
    return kdf.derive(force_bytes(secret))


@lru_cache(maxsize=64)
def _name(secret):
    """A short public name of a key, so that reading finds the right one at once."""
    return hashlib.sha256(_derive(secret, "name")).hexdigest()[:8]


def _secrets():
    if not settings.DATA_KEYS:
        raise ImproperlyConfigured("DATA_KEYS is empty: personal data cannot be sealed.")
    return settings.DATA_KEYS


def seal(text, place):
    """Encrypt ``text`` for one column (``place``); moved elsewhere it no longer opens."""
    secret = _secrets()[0]
    nonce = os.urandom(NONCE)
    sealed = AESGCM(_derive(secret, "seal")).encrypt(nonce, text.encode(), place.encode())
    return f"1:{_name(secret)}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(value, place):
    try:
        version, name, body = value.split(":")
        raw = base64.b64decode(body, validate=True)
    except ValueError as error:
        raise Unreadable(place) from error
    for secret in _secrets():
        if version == "1" and _name(secret) == name:
            try:
                return (
                    AESGCM(_derive(secret, "seal")).decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
                )
            except InvalidTag as error:
                raise Unreadable(place) from error
    raise Unreadable(place)


def keyed_hash(value):
    """What equality search compares in place of the value itself; uses the last (oldest) key."""
    return hmac.new(_derive(_secrets()[-1], "hash"), force_bytes(str(value)), hashlib.sha256).hexdigest()


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
        fresh = f"1:{_name(_secrets()[0])}:"
        if isinstance(value, Opened) and value.place == self.place and value.sealed.startswith(fresh):
            return value.sealed
        return seal(value, self.place)

    def from_db_value(self, value, expression, connection):
        if value is None or value == "":
            return value
        return Opened(unseal(value, self.place), value, self.place)
