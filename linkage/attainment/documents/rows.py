"""Readings, targets and measures as flat rows for other programs: exact figures, and the same as decimals.

Fractions are texts such as ``9/10``. The decimal beside one has as many places as it takes to fall on the
same side of its limit: what is not met never looks met, and the other way round.
"""

from fractions import Fraction

from django.utils import timezone

from linkage.attainment.codes import CONNECTED, NOT_CONNECTED, WAITS_FOR, Rule
from linkage.attainment.documents import deadlines
from linkage.attainment.documents.figures import name_of
from linkage.attainment.models import Source
from linkage.attainment.rules import Status
from linkage.attainment.services import reading as readings
from linkage.attainment.services import units
from linkage.foundation import measures

PLACES = 4


def exact(number):
    return None if number is None else str(Fraction(number))


def decimal(number, places=PLACES):
    """Rounded to so many places; whole numbers without any."""
    if number is None:
        return None
    number = Fraction(number)
    if number.denominator == 1:
        return str(number.numerator)
    whole, rest = divmod(abs(round(number * 10**places)), 10**places)
    return f"{'-' if number < 0 else ''}{whole}.{rest:0{places}d}"


def decimals(value, limit):
    """Both as decimals that compare as the exact numbers do."""
    if value is None or limit is None:
        return decimal(value), decimal(limit)
    value, limit, places = Fraction(value), Fraction(limit), PLACES
    while _compared(*(Fraction(decimal(one, places)) for one in (value, limit))) != _compared(value, limit):
        places += 1
    return decimal(value, places), decimal(limit, places)


def _compared(one, other):
    return (one > other) - (one < other)


def stands(edition, day):
    """Of which day the figures of a row are: the last columns of readings and totals."""
    return {
        "edition": edition and edition.pk,
        "as_of": day.isoformat(),
        "is_retroactive": bool(edition and edition.is_retroactive),
    }


def unit_names(target, found, regions, user):
    """What failing units are called, as far as this person sees their register: ``{unit: name}``."""
    if target.table == "place":
        return {unit.unit: regions[unit.region_id].name for unit in found}
    model = units.TABLES[target.table]._meta.get_field("unit").related_model
    seen = model.objects.visible_to(user).in_bulk([unit.unit for unit in found])
    return {pk: str(row) for pk, row in seen.items()}


def of_reading(reading, on):
    """One target of one place on a day. Of a number of the whole territory a part of it is not judged: no
    gap."""
    target, region = reading.target, reading.region
    numerator, denominator, units, reported = reading.figures
    status = Status(reading.status)
    is_trend = target.rule == Rule.TREND
    is_read = status not in (Status.NOT_CONNECTED, Status.NO_DATA)
    value = reading.value if is_read else None
    value_decimal, limit_decimal = decimals(value, reading.limit)
    completeness = reading.completeness if reading.is_connected else None
    missing = readings.missing_measures(target)
    computed_at = None if region.is_community else reading.computed_at
    in_time, before = deadlines.in_time(reading, on), reading.before
    return {
        "place": region.code,
        "place_name": region.name,
        "level": region.level,
        "policy": target.document.code,
        "target": target.code,
        "rule": target.rule,
        "numerator": numerator if reading.is_connected else None,
        "denominator": denominator if reading.is_connected else None,
        "numerator_before": units if is_trend and reading.is_connected else None,
        "denominator_before": reported if is_trend and reading.is_connected else None,
        "value": exact(value),
        "value_decimal": value_decimal,
        "limit": exact(reading.limit),
        "limit_decimal": limit_decimal,
        "gap": reading.gap if value is not None and status != Status.PART else None,
        "status": status.value,
        "status_label": str(status.label),
        "units": units if reading.is_connected and not is_trend else None,
        "reported": reported if reading.is_connected and not is_trend else None,
        "completeness": exact(completeness),
        "completeness_decimal": decimals(completeness, 1)[0],
        "connected": reading.is_connected,
        "missing_measures": missing,
        "missing_label": waits_for(missing),
        "deadline": target.deadline and target.deadline.isoformat(),
        "in_time": in_time and in_time.value,
        "in_time_label": str(in_time.label) if in_time else "",
        "deadline_computed_at": before and timezone.localtime(before.edition.computed_at).isoformat(),
        "computed_at": computed_at and timezone.localtime(computed_at).isoformat(),
    }


def waits_for(keys):
    """The figures that no register gives yet, each with the register it waits for."""
    return "；".join(f"{name}（{register}）" for name, register in (WAITS_FOR[key] for key in keys))


def of_target(target, today, terms):
    """What a clause demands; the threshold as it is held against the document's own territory."""
    threshold = target.threshold_for(target.document.region, today, terms)
    missing = readings.missing_measures(target)
    plain = ("clause", "quote", "kind", "scope", "unit", "rule", "metric", "per")
    rest = ("reach", "nature", "soft", "missing", "note")
    return {
        "target": target.code,
        "policy": target.document.code,
        **{name: getattr(target, name) for name in plain},
        "metric_name": name_of(target.metric),
        "per_name": name_of(target.per),
        "period_start": target.period_start and target.period_start.isoformat(),
        "deadline": target.deadline and target.deadline.isoformat(),
        "threshold": exact(threshold.value),
        "threshold_decimal": decimal(threshold.value),
        "threshold_high": exact(threshold.high),
        "share": exact(target.share_exact),
        "term": target.term,
        "term_value": exact(threshold.term and threshold.term.exact),
        "term_basis": threshold.term.basis if threshold.term else "",
        "source": str(threshold.source),
        "source_label": str(Source(threshold.source).label),
        **{name: getattr(target, name) for name in rest},
        "connected": not missing,
        "missing_measures": missing,
        "missing_label": waits_for(missing),
    }


def of_failing(target, unit, region, name):
    """One unit that falls short. ``name`` is None where the reader does not see its register."""
    return {
        "target": target.code,
        "place": region.code,
        "place_name": region.name,
        "unit": target.unit,
        "unit_id": unit.unit,
        "unit_name": name,
        "figure": unit.figure,
        "base": unit.base,
        "lack": unit.lack,
    }


def of_measures():
    """Every figure a target may name, in the order of the keys."""
    kinds = {key: kind for kind, keys in CONNECTED.items() for key in keys}
    kinds |= {key: kind for kind, keys in NOT_CONNECTED.items() for key in keys}
    kinds |= {measure.key: measure.unit for measure in measures.registered()}
    return [_of_measure(key, kinds[key]) for key in sorted(kinds)]


def _of_measure(key, kind):
    measure = measures.get(key)
    return {
        "key": key,
        "name": name_of(key) if measure or key in WAITS_FOR else key,
        "definition": str(measure.definition) if measure else "",
        "unit": kind,
        "counted_in": str(measure.counted_in) if measure else "",
        "basis": str(measure.basis) if measure else "",
        "reported": measure.reported if measure else False,
        "connected": measure is not None,
        "waits_for": str(WAITS_FOR[key][1]) if measure is None and key in WAITS_FOR else "",
    }


def of_total(region, key, value):
    """The sum of one measure over a place; money in yuan."""
    measure = measures.get(key)
    if measure.counted_in is measures.YUAN and value is not None:
        value = f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02}"
    return {
        "place": region.code,
        "place_name": region.name,
        "level": region.level,
        "measure": key,
        "name": str(measure.name),
        "value": None if value is None else str(value),
        "counted_in": str(measure.counted_in),
    }
