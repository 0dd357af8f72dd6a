"""This period beside the last one and beside the same period of last year; exact."""

from fractions import Fraction

from django.db.models import Q

from linkage.reports.models import FINAL, SENT, Return


def earlier(filed):
    """``(the return of the last period, that of the same period last year)``, None where none was filed."""
    collection = filed.collection
    last, year = (Q(**_of(collection, *when)) for when in (collection.before, collection.year_before))
    rows = Return.objects.filter(last | year, region=filed.region_id, state__in=[*SENT, *FINAL])
    found = {(one.collection.year, one.collection.number): one for one in rows.select_related("collection")}
    return found.get(collection.before), found.get(collection.year_before)


def _of(collection, year, number):
    return {
        "collection__template": collection.template,
        "collection__region": collection.region_id,
        "collection__year": year,
        "collection__number": number,
    }


def change(now, before):
    """``(difference, share of before)``; None where one is not known, the share also where it was nothing."""
    if now is None or before is None:
        return None, None
    return now - before, Fraction(now - before, before) if before else None


def is_large(filed, key):
    """Whether a figure departs so much from the last period that the template wants it explained."""
    form, last = filed.collection.form, _last(filed)
    now, before = filed.figure(key), last.figure(key) if last else None
    if now is None or before is None:
        return False
    apart = abs(now - before)
    return apart >= form.explain_from and apart * 100 > before * form.explain_over


def _last(filed):
    if "_last_period" not in filed.__dict__:
        filed.__dict__["_last_period"] = earlier(filed)[0]
    return filed.__dict__["_last_period"]
