"""What is done with the needs of a community: add one, mend it, take it out."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linkage.foundation.errors import NotNow

from . import rules
from .models import NeedItem

FACTS = ("title", "description", "group", "field", "method", "people", "collected_on", "source")


def _require_keeper(by, region):
    if not rules.can_keep_needs(by, region):
        raise PermissionDenied(_("Only the community or its street office keeps these needs."))


def _write(need, facts):
    for name in facts.keys() & set(FACTS):
        setattr(need, name, facts[name])
    need.full_clean()
    need.save()
    return need


@transaction.atomic
def add_need(region, *, by, **facts):
    """Write down one need of a community."""
    _require_keeper(by, region)
    if not region.is_community:
        raise ValidationError({"region": _("Needs are gathered in communities.")})
    return _write(NeedItem(region=region, created_by=by), facts)


@transaction.atomic
def change_need(need, *, by, **facts):
    """Mend what was written down."""
    _require_keeper(by, need.region)
    return _write(need, facts)


@transaction.atomic
def remove_need(need, *, by):
    """Take out a need nobody builds on."""
    _require_keeper(by, need.region)
    if _is_used(need):
        raise NotNow(_("A project builds on this need; take it out of the project first."))
    need.delete()


def _is_used(need):
    """Does anything point at this need? Whatever that is, it lives above and is not named here."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: need.pk}).exists()
        for relation in need._meta.related_objects
    )
