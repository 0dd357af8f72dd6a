"""What has happened, kept so that the site itself can add to it but never change it."""

from django.db import models


class Sealed(Exception):
    """Somebody tried to change what is only ever added to."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise Sealed(f"{self.model._meta.label} is never edited")

    def delete(self):
        raise Sealed(f"{self.model._meta.label} is never deleted")

    update.alters_data = delete.alters_data = True
    delete.queryset_only = True

    def bulk_update(self, *args, **kwargs):
        raise Sealed(f"{self.model._meta.label} is never edited")


class AppendOnly(models.Model):
    """A record that is added once. The database role of the site may only SELECT and INSERT it."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Sealed(f"{self._meta.label} is never edited")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise Sealed(f"{self._meta.label} is never deleted")
