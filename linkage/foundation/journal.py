"""What has happened, kept so that the site itself can add to it but never change it.

Three kinds of record: rows of models that derive from ``AppendOnly``, the row history of models
marked ``tracked``, and audit events written by ``record``. The database role of the site may only
SELECT and INSERT all of them (see ``roles``).
"""

import json
import re
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from ipaddress import ip_address
from uuid import uuid4

import pghistory
import pghistory.trigger
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from psycopg2.extensions import QuotedString

from .fields import EncryptedTextField


class Sealed(Exception):
    """Somebody tried to change what is only ever added to."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise Sealed(f"{self.model._meta.label} is never edited")

    def bulk_update(self, *args, **kwargs):
        raise Sealed(f"{self.model._meta.label} is never edited")

    def delete(self):
        raise Sealed(f"{self.model._meta.label} is never deleted")

    update.alters_data = bulk_update.alters_data = delete.alters_data = True
    delete.queryset_only = True


class AppendOnly(models.Model):
    """A record that is added once, never edited and never deleted."""

    append_only = True  # what roles looks for
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Sealed(f"{self._meta.label} is never edited")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise Sealed(f"{self._meta.label} is never deleted")


# Row history


def _is_sealed(field):
    return isinstance(field, EncryptedTextField) or field.name == "password"


class _StatementTrigger(pghistory.trigger.Event):
    """Writes the rows one statement has touched, with who did it inside each row."""

    level = pgtrigger.Statement

    def get_func(self, model):
        rows = "new_values" if self.row == "NEW" else "old_values"
        tracked = {field.name: field for field in self.event_model.pgh_tracked_model._meta.local_fields}
        values = {}
        for field in self.event_model._meta.local_fields:
            if field.name in tracked:
                value = f'{rows}."{tracked[field.name].column}"'
                if _is_sealed(tracked[field.name]):
                    value = f"encode(sha256(convert_to({value}, 'UTF8')), 'hex')"
                values[field.column] = value
        values["pgh_created_at"] = "now()"
        values["pgh_label"] = f"'{self.label}'"
        values["pgh_obj_id"] = f'{rows}."{model._meta.pk.column}"'
        values["pgh_context"] = "NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb"
        values["pgh_context_id"] = "NULLIF(current_setting('pghistory.context_id', true), '')::uuid"
        columns = ", ".join(f'"{column}"' for column in sorted(values))
        chosen = ", ".join(values[column] for column in sorted(values))
        into = f'INSERT INTO "{self.event_model._meta.db_table}" ({columns})'
        return pgtrigger.Func(" ".join([into, "SELECT", chosen, "FROM", f"{{cond_{rows}}}; RETURN NULL;"]))


class _Statement:
    """A tracker that uses our trigger: pghistory's own one also writes a context table, by UPDATE."""

    condition = None

    def setup(self, event_model):
        tracked = event_model.pgh_tracked_model
        condition = None
        if self.operation == pgtrigger.Update:
            kept = {field.name for field in event_model._meta.local_fields}
            columns = [f'"{field.column}"' for field in tracked._meta.local_fields if field.name in kept]
            old = ", ".join(f"OLD.{column}" for column in columns)
            new = ", ".join(f"NEW.{column}" for column in columns)
            condition = pgtrigger.Condition(f"ROW({old}) IS DISTINCT FROM ROW({new})")
        pgtrigger.register(
            _StatementTrigger(
                event_model=event_model,
                label=self.label,
                name=f"history_{self.label}",
                row=self.row,
                operation=self.operation,
                condition=condition,
            )
        )(tracked)


class _Inserted(_Statement, pghistory.InsertEvent):
    label = "insert"


class _Updated(_Statement, pghistory.UpdateEvent):
    label = "update"


class _Deleted(_Statement, pghistory.DeleteEvent):
    label = "delete"


def tracked(*, exclude=(), name=None):
    """Keep the history of every row of a model, by triggers: who, when, from where, and the new row.

    Encrypted columns and passwords appear as a hash of what is stored ("changed"), never as values.
    """

    def decorate(model):
        exact = {}
        for field in model._meta.local_fields:
            if field.name in exclude:
                continue
            if _is_sealed(field):
                exact[field.name] = models.CharField(max_length=64, null=True, db_column=field.column)
            elif isinstance(field, models.ForeignKey):
                exact[field.name] = models.ForeignKey(
                    field.remote_field.model,
                    models.DO_NOTHING,
                    null=True,
                    related_name="+",
                    db_constraint=False,
                    db_index=False,
                )
        return pghistory.track(
            _Inserted(),
            _Updated(),
            _Deleted(),
            exclude=[*exclude, *exact],
            attrs={**exact, "append_only": True},
            model_name=name or f"{model.__name__}History",
            obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
            context_field=pghistory.ContextJSONField(),
            context_id_field=pghistory.ContextUUIDField(),
            meta={"default_permissions": ("view",)},
        )(model)

    return decorate


# Who acts, from where

_here = ContextVar("linkage_here", default=None)  # {"id": one request or task, "facts": who, from where}
WRITES = re.compile(r"\s*(insert|update|delete|merge|with|do|call)\b", re.IGNORECASE)


def client_address(request):
    """Where a request comes from. Behind n proxies of our own (PROXY_COUNT), what the outermost one saw."""
    address = request.META.get("REMOTE_ADDR", "")
    proxies = getattr(settings, "PROXY_COUNT", 0)
    if proxies:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        address = chain[-proxies] if len(chain) >= proxies else address
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def identity(user):
    """A person as the journal names them: number, name, post. Nothing for nobody."""
    if user is None or not getattr(user, "pk", None):
        return {}
    post = getattr(user, "main_post", None)
    name = getattr(user, "name", "") or user.get_username()
    return {"by": user.pk, "name": name, "post": str(post) if post else ""}


@contextmanager
def acting(*, user=None, request=None, cause=""):
    """Row history written inside says who acted, from where, or which task (``cause``) it was."""
    facts = dict(identity(user))
    if request is not None:
        facts |= {"address": client_address(request), "path": request.path[:300]}
    if cause:
        facts["cause"] = cause
    nested = _here.get() is not None
    token = _here.set({"id": str(uuid4()), "facts": facts})
    try:
        with nullcontext() if nested else connection.execute_wrapper(_tell_the_triggers):
            yield
    finally:
        _here.reset(token)


def acts(user):
    """Name the person in the history of what follows (a token was read after the request began)."""
    here = _here.get()
    if here is not None:
        here["facts"] |= identity(user)


def _tell_the_triggers(execute, sql, params, many, context):
    """Put who acts in front of every writing statement, for this transaction only, in the same round trip."""
    here = _here.get()
    text = sql.decode() if isinstance(sql, bytes) else sql
    if here is None or not isinstance(text, str) or not WRITES.match(text):
        return execute(sql, params, many, context)
    facts = QuotedString(json.dumps(here["facts"], cls=DjangoJSONEncoder, ensure_ascii=True))
    facts.prepare(context["connection"].connection)
    setting = (
        f"SELECT set_config('pghistory.context_id', '{here['id']}', true),"
        f" set_config('pghistory.context_metadata', {facts.getquoted().decode()}, true); "
    )
    if params is not None:
        setting = setting.replace("%", "%%")
    return execute(setting + text, params, many, context)


def record(kind, *, by=None, target=None, facts=None, request=None):
    """Write one audit event in the current transaction: sign-in, denial, reveal, export, decision."""
    AuditEvent = apps.get_model("foundation", "AuditEvent")
    here = (_here.get() or {}).get("facts", {})
    if request is not None:
        here = {"address": client_address(request), "path": request.path}
        by = by or getattr(request, "user", None)
    who = identity(by)
    about = {}
    if target is not None:
        about = {
            "target_type": target._meta.label_lower,
            "target_id": str(target.pk or ""),
            "target": str(target)[:300],
        }
    return AuditEvent.objects.create(
        kind=kind,
        by_id=who.get("by"),
        name=who.get("name", "")[:150],
        post=who.get("post", "")[:300],
        address=here.get("address"),
        path=(here.get("path") or "")[:300],
        facts=facts or {},
        **about,
    )
