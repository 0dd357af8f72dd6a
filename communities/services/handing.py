"""The registers of a place that has ended go on with the place that took it over (登记移交).

What a row says of the place itself (``Entry.tells_of_place``) stays: an election was held where it was held.
After a merger the rest goes by itself, on its day; after a split an administrator says what goes where.
Days before that are still counted where the rows stood (``linkage.foundation.earlier``).
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import rules
from communities.models import Region, Succession
from linkage.foundation import journal, keeping
from linkage.foundation.ledger import Entry

from .loading import lock_tree


@dataclass
class Handed:
    """How many columns were written, and the rows that stay because the new place has their like."""

    went: int = 0
    stay: list = field(default_factory=list)


def registers():
    """``[(model, its columns that name a place)]`` of every register whose rows name one themselves."""
    found = []
    for model in apps.get_models():
        if issubclass(model, Entry):
            columns = [
                column.name
                for column in model._meta.local_fields
                if isinstance(column, models.ForeignKey) and column.remote_field.model is Region
            ]
            if columns:
                found.append((model, columns))
    return found


def entries_at(region):
    """``[(model, how many standing rows name this place)]`` of the registers that have any."""
    counted = []
    for model, columns in registers():
        named = models.Q()
        for column in columns:
            named |= models.Q(**{column: region})
        counted.append((model, model.objects.filter(named).count()))
    return [(model, count) for model, count in counted if count]


@transaction.atomic
def hand_on(region, *, into, labels, by):
    """Let these registers (labels of models) of a place go on with one of its successors."""
    lock_tree()
    if not (rules.may_change(by, region) and rules.may_change_parts(by, into)):
        raise PermissionDenied
    if into not in region.successors:
        raise ValidationError({"into": _("%s did not take over from this place.") % into.name})
    return _hand_on(region, into, region.stays_until(into), by=by, labels=labels)


def after_merger(step, *, by=None):
    """What goes by itself, once, on the day of the merger or when that day has come."""
    going = [model._meta.label for model, _columns in registers() if not model.tells_of_place]
    handed = _hand_on(step.before, step.after, [(step.before_id, step.on)], by=by, labels=going)
    step.handed_on_at = timezone.now()
    step.save(update_fields=["handed_on_at"])
    return handed


def hand_on_due():
    """After mergers whose day has come, the older first: what was merged twice arrives. Answers how many."""
    due = Succession.objects.filter(
        kind=Succession.Kind.MERGE, handed_on_at=None, on__lte=timezone.localdate()
    ).order_by("on", "pk")
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            lock_tree()
            if step := due.filter(pk=pk).first():
                after_merger(step)
                done += 1
    return done


def _hand_on(region, into, stays, *, by, labels):
    handed = Handed()
    for model, columns in registers():
        if model._meta.label in labels:
            for column in columns:
                rows = model.everything.filter(**{column: region})
                went, stay = keeping.write_place(rows, column, into, stays)
                handed.went += went
                handed.stay += [row for row in stay if row.removed_at is None]
    if handed.went or handed.stay:
        facts = {"into": into.code, "went": handed.went, "stay": len(handed.stay)}
        journal.record("region.hand_on", by=by, target=region, facts=facts)
    return handed
