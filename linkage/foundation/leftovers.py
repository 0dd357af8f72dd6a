"""Kept files that no row names: left by a transaction that was rolled back after the file was kept."""

from datetime import timedelta

from django.apps import apps
from django.utils import timezone

from .uploads import folder


def named(names):
    """Those of these names that a row of any model still names (``upload_column`` of the model)."""
    found = set()
    for model in apps.get_models():
        if column := getattr(model, "upload_column", ""):
            rows = model._base_manager.filter(**{f"{column}__in": names})
            found.update(rows.values_list(column, flat=True))
    return found


def sweep(in_use=named, older_than=timedelta(days=1), batch=500):
    """Remove files that no row names, left by a rolled-back transaction; how many went.

    ``in_use`` takes a list of names and returns those that a row still names.
    """
    before = (timezone.now() - older_than).timestamp()
    old = [path for path in folder().glob("*/*/*.*") if path.stat().st_mtime < before]
    gone = [path for path in folder().glob("incoming/*") if path.stat().st_mtime < before]
    for start in range(0, len(old), batch):
        some = {path.relative_to(folder()).as_posix(): path for path in old[start : start + batch]}
        kept = set(in_use(list(some)))
        gone += [path for name, path in some.items() if name not in kept]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
