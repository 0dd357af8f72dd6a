"""An office ends: another one takes over what lies with it, or nothing lies with it any more."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.offices import rules
from communities.offices.models import Office, Post
from linkage.foundation import journal, tidings
from linkage.foundation.errors import NotNow

NAMED = 20  # how many of the things in the way are named


@transaction.atomic
def hand_over(office, heir, *, by, on=None):
    """Another office answers from then on for everything that lies with this one, which closes.

    One that was closed without a successor can be given one later.
    """
    on = on or timezone.localdate()
    office = _keeping(office, by)
    if office.successor_id is not None:
        raise NotNow(_("This office is closed already."))
    if heir.pk == office.pk or heir.closed_on is not None:
        raise ValidationError({"heir": _("Choose another, open office.")})
    office.closed_on, office.successor = office.closed_on or on, heir
    office.save()
    end_posts(Post.objects.filter(office=office, ended_at__isnull=True))
    journal.record("office_handed_over", by=by, target=office, facts={"to": heir.pk})
    tidings.tell("office.handed_over", office=office, heir=heir, on=on, by=by)
    return office


@transaction.atomic
def close_office(office, *, by, on=None):
    """Close an office that nobody follows. Refused, with their names, while files lie with it."""
    on = on or timezone.localdate()
    office = _keeping(office, by)
    if office.closed_on is not None:
        raise NotNow(_("This office is closed already."))
    if lying := tidings.ask("office.lies_with", office=office):
        raise ValidationError(
            [
                _("%(count)s files lie with this office or are on their way to it. Hand it over instead.")
                % {"count": len(lying)},
                *lying[:NAMED],
            ]
        )
    office.closed_on = on
    office.save()
    end_posts(Post.objects.filter(office=office, ended_at__isnull=True))
    journal.record("office_closed", by=by, target=office)
    return office


def end_posts(posts):
    """End posts at this very moment."""
    today = timezone.localdate()
    posts.update(ended_at=timezone.now(), valid_to=Greatest(F("valid_from"), Value(today)))


def _keeping(office, by):
    """The office, locked against files that are just arriving, if this person keeps it."""
    office = Office.objects.select_for_update().select_related("region").get(pk=office.pk)
    if not rules.administers_region(by, office.region):
        raise PermissionDenied
    return office
