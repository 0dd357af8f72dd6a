"""How every record of a consultation is written: by the right people, checked whole, with a trace."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from linkage.foundation import journal


def require(rule, by, region):
    if not rule(by, region):
        raise PermissionDenied(_("Only the community or its street office may do this."))


def write(record, facts, names, *, kind, by):
    for name in facts.keys() & set(names):
        setattr(record, name, facts[name])
    record.full_clean()
    record.save()
    journal.record(kind, by=by, target=record)
    return record


def locked(model, row):
    return model.objects.select_for_update(no_key=True).get(pk=row.pk)
