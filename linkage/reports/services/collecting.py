"""布置报表: an office opens a period for its territory; the figures of its last day are kept first."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Level
from linkage.attainment.models import Edition
from linkage.attainment.services import counting
from linkage.foundation import jobs, journal
from linkage.foundation.errors import NotNow
from linkage.reports import codes, rules
from linkage.reports.models import Collection
from linkage.reports.models.collection import last_day

KIND = "keep_period"


@transaction.atomic
def open_collection(template, *, year, number, lowest, due_on, by):
    """Open a period that is over. Units begin once the figures of its last day are kept (a job, or known)."""
    by.ask_posts_anew()
    office = rules.opening_office(by)
    if office is None:
        raise PermissionDenied
    form, today, wrong = codes.templates()[template], timezone.localdate(), {}
    number = 1 if form.every == codes.YEAR else number
    as_of = last_day(form.every, year, number)
    if as_of >= today:
        wrong["number" if form.every == codes.QUARTER else "year"] = _("This period is not over yet.")
    if due_on < today:
        wrong["due_on"] = _("The day has passed already.")
    if not office.region.level < lowest <= Level.COMMUNITY:
        wrong["lowest"] = _("Choose a level below your own.")
    if wrong:
        raise ValidationError(wrong)
    edition = Edition.objects.readable().filter(as_of=as_of).order_by("-pk").first()
    try:
        with transaction.atomic():
            collection = Collection.objects.create(
                template=template,
                said=form.said(),
                year=year,
                number=number,
                as_of=as_of,
                region=office.region,
                office=office,
                lowest=lowest,
                due_on=due_on,
                edition=edition,
                opened_by=by,
            )
    except IntegrityError:
        standing = Collection.objects.get(template=template, year=year, number=number, region=office.region)
        raise NotNow(_("This period has been opened already."), url=standing.get_absolute_url()) from None
    if edition is None:
        jobs.start(
            KIND,
            by=by,
            scope=str(collection.pk),
            title=_("Keep the figures of the end of a period"),
            total=1,
            arguments={"collection": collection.pk},
        )
    facts = {"return": template, "period": f"{year}-{number}", "due": due_on.isoformat()}
    journal.record("return_opened", by=by, target=collection, facts=facts)
    return collection


def keep(job):
    """The work of the job; the same day is kept once, whoever asks."""
    keep_for(Collection.objects.get(pk=job.arguments["collection"]))
    jobs.advance(job, done=1, total=1)


def keep_for(collection):
    collection.edition = counting.freeze(Edition.Kind.DEMAND, collection.as_of)
    collection.save(update_fields=["edition"])
    return collection
