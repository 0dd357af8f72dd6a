"""What happens to volunteers and their records: register, record, amend, verify, reverse, certify.

Forms and imports call these. The row history tells who did it; verifying, reversing and certifying
stand in the journal too.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.people.models import IdentityType, Person
from communities.people.services import settle
from linkage.foundation import journal
from linkage.foundation.errors import NotNow
from linkage.foundation.ledger import keeping_posts
from linkage.foundation.standards import read_identity_number
from socialwork.volunteers.models import ServiceCertificate, ServiceRecord, ServiceReversal, Volunteer


def born_on(id_type, id_number, told=None):
    """The day of birth: from a resident identity number, otherwise as told; both must agree."""
    if id_type != IdentityType.RESIDENT or not id_number:
        return told
    known = read_identity_number(id_number).birth_date
    if told and told != known:
        raise ValidationError({"born_on": _("The identity number says another day.")})
    return known


@transaction.atomic
def register(volunteer, *, by, id_type="", id_number=""):
    """Put somebody into the register of volunteers, who gets a number of their own."""
    if volunteer.place is None or not volunteer.is_kept_by(by):
        raise PermissionDenied
    if id_number:
        id_type = id_type or IdentityType.RESIDENT
        volunteer.born_on = born_on(id_type, id_number, volunteer.born_on)
    if volunteer.person_id is None:
        settle(volunteer, id_type=id_type, id_number=id_number)
    volunteer.full_clean()
    volunteer.save()
    return volunteer


@transaction.atomic
def record(entry, *, by):
    """Write down a service. It counts when a second person has verified it."""
    _hold(entry.volunteer)
    if entry.place is None or not entry.is_kept_by(by):
        raise PermissionDenied
    entry.recorded_by = by
    entry.full_clean()
    entry.save()
    return entry


@transaction.atomic
def amend(entry, *, by):
    """Correct a record nobody has verified yet. Who corrects it vouches for it from then on."""
    before = _locked(entry)
    if not (before.is_kept_by(by) and entry.is_kept_by(by)):
        raise PermissionDenied
    _must_be_open(before)
    _hold(entry.volunteer)
    entry.recorded_by = by
    entry.full_clean()
    entry.save()
    return entry


@transaction.atomic
def verify(entry, *, by):
    """A second person vouches for a record: from now on it counts and is fixed."""
    entry = _locked(entry)
    if not entry.is_kept_by(by):
        raise PermissionDenied
    _must_be_open(entry)
    if entry.recorded_by_id == by.pk:
        raise ValidationError(_("You have recorded this yourself: a second person verifies it."))
    entry.verified_by, entry.verified_at = by, timezone.now()
    entry.save(update_fields=["verified_by", "verified_at"])
    journal.record("service_verified", by=by, target=entry)
    return entry


@transaction.atomic
def reverse(entry, *, by, reason):
    """Take a verified record back, with a reason. It stays to be read and counts no more."""
    reason = (reason or "").strip()
    if not 2 <= len(reason) <= 200 or "\0" in reason:
        raise ValidationError({"reason": _("Give the reason in a few words.")})
    entry = _locked(entry)
    if not entry.is_kept_by(by):
        raise PermissionDenied
    if entry.reversed_at is not None:
        raise NotNow(_("This record has been reversed already."))
    if entry.verified_at is None:
        raise NotNow(_("This record is not verified yet: correct it or remove it."))
    moment = timezone.now()
    ServiceReversal.objects.create(record=entry, reason=reason, by=by, at=moment)
    entry.reversed_at = moment
    entry.save(update_fields=["reversed_at"])
    journal.record("service_reversed", by=by, target=entry, facts={"reason": reason})
    return entry


@transaction.atomic
def certify(volunteer, *, by, first_day, last_day, responsible, handler, contact, remarks=""):
    """Issue a certificate of service record: who organises records, who records certifies 〔民政部令67号〕.

    It says what this office and those below it have recorded and verified, and nothing of others.
    """
    volunteer = Volunteer.objects.select_for_update(of=("self",)).get(pk=volunteer.pk)
    posts = keeping_posts(by, volunteer.duties)
    post = next((post for post in posts if volunteer.region.path.startswith(post.office.region.path)), None)
    if post is None:
        raise PermissionDenied
    if last_day < first_day:
        raise ValidationError({"last_day": _("The last day lies before the first.")})
    records = (
        ServiceRecord.objects.kept_by(by).verified().filter(volunteer=volunteer).between(first_day, last_day)
    )
    lines = _lines(records)
    if not lines:
        raise ValidationError(_("There are no verified services of these days."))
    certificate = ServiceCertificate.objects.create(
        volunteer=volunteer,
        region=post.office.region,
        issuer=post.office.name,
        responsible=responsible,
        handler=handler,
        contact=contact,
        first_day=first_day,
        last_day=last_day,
        hours=records.hours(),
        services=lines,
        remarks=remarks,
        issued_by=by,
    )
    facts = {"certificate": certificate.number, "hours": str(certificate.hours)}
    journal.record("service_certified", by=by, target=volunteer, facts=facts)
    return certificate


def _lines(records):
    """One line for each content and venue: from when to when, how often, how many hours."""
    found = {}
    for entry in records.order_by("started_at"):
        day = str(timezone.localtime(entry.started_at).date())
        line = found.setdefault(
            (entry.content, entry.venue),
            {"content": entry.content, "venue": entry.venue, "first": day, "times": 0, "hours": 0},
        )
        line |= {"last": day, "times": line["times"] + 1, "hours": line["hours"] + entry.hours}
    return [{**line, "hours": f"{line['hours'].normalize():f}"} for line in found.values()]


def _hold(volunteer):
    """One after another for one person, wherever registered, so that each sees the records before it."""
    volunteer = Volunteer.everything.select_for_update(of=("self",)).get(pk=volunteer.pk)
    Person.everything.select_for_update(of=("self",), no_key=True).get(pk=volunteer.person_id)


def _locked(entry):
    return ServiceRecord.everything.select_for_update(of=("self",)).get(pk=entry.pk)


def _must_be_open(entry):
    if entry.removed_at is not None:
        raise NotNow(_("This record has been removed from the register."))
    if entry.verified_at is not None:
        raise NotNow(
            _("%(name)s has verified this record on %(day)s; it is fixed.")
            % {"name": entry.verified_by, "day": timezone.localtime(entry.verified_at).date()}
        )
