"""What is done to rows of the registers beside editing them: remove, restore, merge, reveal, hand on."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import former, journal
from .errors import NotNow, TooOften
from .ledger import Entry, Mergeable, keeping_posts
from .models import AuditEvent

REVEALS = 30  # an hour and person
SHOWN = 5  # of the rows that stand in the way, by name


def _reason(reason):
    reason = (reason or "").strip()
    if len(reason) < 2:
        raise ValidationError({"reason": _("Give the reason in a few words.")})
    if len(reason) > 200 or "\0" in reason:
        raise ValidationError({"reason": _("At most 200 characters.")})
    return reason


def _locked(entry):
    return type(entry).everything.select_for_update(of=("self",)).get(pk=entry.pk)


def _pointing(entry, *, owned):
    """``(relation, rows)`` of what points at a row: its own parts (``owned``), or what leans on it."""
    for relation in entry._meta.related_objects:
        model = relation.related_model
        if getattr(model, "append_only", False) or relation.many_to_many or not relation.field.db_constraint:
            continue
        if (relation.on_delete is models.CASCADE) == owned and relation.name != "doubles":
            yield relation, model._base_manager.filter(**{relation.field.name: entry.pk})


def obstacles(entry, *, by):
    """What stands and leans on this row, in words; while there is any, the row cannot be removed.

    What another place keeps is not named to this person.
    """
    found = []
    for relation, rows in _pointing(entry, owned=False):
        model = relation.related_model
        seen = rows
        if issubclass(model, Entry):
            rows = rows.filter(removed_at__isnull=True)
            seen = model.objects.visible_to(by).filter(**{relation.field.name: entry.pk})
        if not rows.exists():
            continue
        names = [str(row) for row in seen.order_by("pk")[: SHOWN + 1]]
        more = "……" if len(names) > SHOWN else ""
        elsewhere = [] if names else [_("kept by another place")]
        found.append(f"{model._meta.verbose_name}：{'、'.join([*names[:SHOWN], *elsewhere])}{more}")
    return found


@transaction.atomic
def remove(entry, *, by, reason):
    """Take a row out of its register, with the parts it owns. Nothing else may still lean on it."""
    reason = _reason(reason)
    row = _locked(entry)
    if not row.is_kept_by(by):
        raise PermissionDenied
    if row.removed_at is not None:
        raise NotNow(_("This entry has been removed already."))
    if found := obstacles(row, by=by):
        raise ValidationError([_("Still in use: %s") % obstacle for obstacle in found])
    return _take_out(row, by=by, reason=reason)


def _take_out(row, *, by, reason, at=None):
    row.removed_at, row.removed_by, row.removed_reason = at or timezone.now(), by, reason
    row.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    for relation, rows in _pointing(row, owned=True):
        if issubclass(relation.related_model, Entry):
            for part in rows.filter(removed_at__isnull=True):
                _take_out(part, by=by, reason=reason, at=row.removed_at)
    return row


def take_out_part(part, *, by):
    """A line struck out on the form of the row it belongs to. Who may write that row was asked before."""
    if found := obstacles(part, by=by):
        raise ValidationError([_("Still in use: %s") % obstacle for obstacle in found])
    return _take_out(part, by=by, reason=_("Struck out on the form"))


@transaction.atomic
def restore(entry, *, by):
    """Put a removed row back, with the parts that were removed together with it."""
    row = _locked(entry)
    if not (row.is_kept_by(by) or row.is_administered_by(by)):
        raise PermissionDenied
    if row.removed_at is None:
        raise NotNow(_("This entry stands; there is nothing to restore."))
    if getattr(row, "merged_into_id", None):
        raise NotNow(_("This entry was merged into another one."))
    try:
        with transaction.atomic():
            _put_back(row, row.removed_at)
    except IntegrityError as error:
        raise ValidationError(_("Another entry has taken its place; change that one first.")) from error
    return row


def _put_back(row, at):
    row.removed_at, row.removed_by, row.removed_reason = None, None, ""
    row.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    for relation, rows in _pointing(row, owned=True):
        if issubclass(relation.related_model, Entry):
            for part in rows.filter(removed_at=at):
                _put_back(part, at)


@transaction.atomic
def merge(kept, double, *, by, reason):
    """Two rows are the same thing: what points at ``double`` points at ``kept``; both histories stay."""
    reason = _reason(reason)
    if kept.pk == double.pk or type(kept) is not type(double):
        raise ValidationError(_("Choose two different entries."))
    rows = {
        row.pk: row
        for row in type(kept)
        .everything.select_for_update(of=("self",))
        .order_by("pk")
        .filter(pk__in=[kept.pk, double.pk])
    }
    kept, double = rows[kept.pk], rows[double.pk]
    if not (kept.is_kept_by(by) and double.is_kept_by(by)):
        raise PermissionDenied
    if kept.removed_at or double.removed_at:
        raise NotNow(_("One of the two no longer stands."))
    if reasons := kept.why_two(double):
        raise ValidationError(reasons)
    _merge(kept, double, by=by, reason=reason)
    return kept


def _merge(kept, double, *, by, reason):
    for owned in (True, False):
        for relation, rows in _pointing(double, owned=owned):
            for row in rows:
                _point_elsewhere(row, relation.field, kept, by=by, reason=reason)
    for earlier in double.doubles.all():
        earlier.merged_into = kept
        earlier.save(update_fields=["merged_into"])
    double.merged_into = kept
    double.removed_at, double.removed_by, double.removed_reason = timezone.now(), by, reason
    double.save(update_fields=["merged_into", "removed_at", "removed_by", "removed_reason"])
    kept.take_over(double)
    fill_gaps(kept, double)  # now, for what may stand only once has just been set free
    journal.record("merged", by=by, target=kept, facts={"double": double.pk, "reason": reason})


def _point_elsewhere(row, field, kept, *, by, reason):
    """Hang a row under the kept one; where that one has its like already, merge or retire it."""
    before = getattr(row, field.attname)
    setattr(row, field.name, kept)
    try:
        with transaction.atomic():
            row.save(update_fields=[field.name])
        return
    except IntegrityError as error:
        setattr(row, field.attname, before)
        clash = error
    if isinstance(row, Mergeable) and not row.removed_at:
        like = _like(row, field, kept)
        if like is not None:
            _merge(like, row, by=by, reason=reason)
            return
    if isinstance(row, Entry):
        if not row.removed_at:
            _take_out(row, by=by, reason=reason)
        return
    raise ValidationError(
        _("Both have an entry of the kind “%s”; settle that first.") % row._meta.verbose_name
    ) from clash


def _like(row, field, kept):
    """The row under ``kept`` that stands in the way of this one: the same in all that may stand only once."""
    for constraint in row._meta.constraints:
        names = getattr(constraint, "fields", ())
        if isinstance(constraint, models.UniqueConstraint) and field.name in names:
            same = {name: getattr(row, row._meta.get_field(name).attname) for name in names}
            found = type(row).objects.filter(**{**same, field.name: kept.pk}).exclude(pk=row.pk).first()
            if found is not None:
                return found
    return None


def fill_gaps(kept, double):
    """What is not known of the kept row is taken over from its double."""
    taken = []
    for field in kept._meta.local_concrete_fields:
        if field.primary_key or not field.editable or field.unique:
            continue
        if getattr(kept, field.attname) in (None, "") and getattr(double, field.attname) not in (None, ""):
            setattr(kept, field.attname, getattr(double, field.attname))
            taken.append(field.name)
    if taken:
        try:
            with transaction.atomic():
                kept.save(update_fields=taken)
        except IntegrityError:
            kept.refresh_from_db(fields=taken)


def reveal(entry, field, *, by, reason):
    """A sealed value in full: with a reason, written down, at most thirty an hour and person (TRUST 9)."""
    reason = _reason(reason)
    if field not in entry.sealed or not entry.is_kept_by(by):
        raise PermissionDenied
    facts = {"field": field, "reason": reason}
    taken = written_down("revealed", "reveal_refused", REVEALS, by=by, target=entry, facts=facts)
    if taken >= REVEALS:
        raise TooOften(
            ngettext(
                "You have looked at %(count)d full number in the past hour. Try again later.",
                "You have looked at %(count)d full numbers in the past hour. Try again later.",
                taken,
            )
            % {"count": taken}
        )
    return str(getattr(entry, field) or "")


def written_down(kind, refused, most, *, by, target=None, facts=None):
    """Write down what somebody asks for; answers how often it was given in the past hour before.

    From ``most`` on it is written down as ``refused``, and is not to be given.
    """
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=by.pk)  # one after another, so that 30 are 30
        since = timezone.now() - timedelta(hours=1)
        taken = AuditEvent.objects.filter(kind=kind, by=by, at__gt=since).count()
        journal.record(kind if taken < most else refused, by=by, target=target, facts=facts)
    return taken


def write_place(rows, column, place, stays):
    """Write another place into these rows of one register; answers ``(how many, [the rows that stay])``.

    ``stays``: where they count until which day (``former.remember``). All at once; where one of them may
    stand only once and has its like there, each for itself. Who may do so was asked before.
    """
    try:
        return _write_place(rows, column, place, stays), []
    except IntegrityError:
        pass
    went, stay = 0, []
    for row in rows.order_by("pk"):
        try:
            went += _write_place(type(row).everything.filter(pk=row.pk), column, place, stays)
        except IntegrityError:
            stay.append(row)
    return went, stay


@transaction.atomic
def _write_place(rows, column, place, stays):
    former.remember(rows, column, stays)
    return rows.update(**{column: place})


@transaction.atomic
def hand_on(rows, *, to, by):
    """Chosen rows of one place go on with a place that took over from it; answers as ``write_place`` does."""
    mine = [post.office.region.path for post in keeping_posts(by, rows[0].duties)]
    if not all(row.is_kept_by(by) for row in rows) or not any(to.path.startswith(path) for path in mine):
        raise PermissionDenied
    before = rows[0].place
    if any(row.place != before for row in rows) or to not in before.successors:
        raise ValidationError(_("%s did not take over from this place.") % to.name)
    model = type(rows[0])
    chosen = model.objects.filter(pk__in=[row.pk for row in rows])
    went, stay = write_place(chosen, "region", to, before.stays_until(to))
    facts = {"register": model._meta.label, "into": to.code, "went": went, "stay": len(stay)}
    journal.record("entries.hand_on", by=by, target=before, facts=facts)
    return went, stay
