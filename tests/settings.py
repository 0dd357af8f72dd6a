"""The settings for tests: the owner makes the database, passwords are cheap, static files plain."""

import os

os.environ.setdefault("LINKAGE_SECRET_KEY", "tests")
os.environ.setdefault("LINKAGE_DATA_KEYS", "tests")
os.environ.setdefault("LINKAGE_HTTPS", "0")

from linkage.settings import *  # noqa: F403
from linkage.settings import STORAGES, database

DATABASES = {"default": database("owner")}  # tests/conftest.py hands each test to linkage_app
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
API_LIMITS = {}  # the numbers of accounts are the same in every test; tests/api/test_limits.py sets its own
WHITENOISE_AUTOREFRESH = True  # or each client of a test reads the whole folder of static files first
