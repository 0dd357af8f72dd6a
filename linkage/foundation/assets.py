"""Which static files are collected: all of ours, and of the npm packages only what pages use."""

from fnmatch import fnmatch

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder


class Finder(FileSystemFinder):
    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            name = f"{storage.prefix}/{path}" if getattr(storage, "prefix", None) else path
            if not name.startswith("vendor/") or any(fnmatch(name, kept) for kept in settings.VENDOR_FILES):
                yield path, storage
