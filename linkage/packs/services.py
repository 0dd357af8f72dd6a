"""Hand a pack to the apps it is made for, all or nothing."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from communities.consultation.services import assembly_rules
from communities.models import Region
from linkage.attainment.models import Benchmark, Target
from linkage.attainment.services import load_benchmarks, load_targets, terms
from linkage.foundation import journal
from linkage.packs.reading import Pack
from linkage.packs.source import WrongPack
from linkage.policy.models import PolicyDocument
from linkage.policy.services import load_document
from projects.services.programme import AUTO, load_pilots, load_programme

SHIPPED = Path(__file__).parent


@dataclass(frozen=True)
class Loaded:
    """What became of one file; ``changes`` counts the rows made, changed or removed."""

    file: str
    document: PolicyDocument
    changes: int


def shipped():
    return sorted(SHIPPED.glob("*.toml"))


@transaction.atomic
def load(path):
    """Load one pack file; repeatable, the second time changes nothing."""
    pack = Pack(path)
    _check_against_records(pack)
    if pack.flaws:
        raise WrongPack(pack.flaws)
    try:
        with transaction.atomic():
            document, changes = _hand_over(pack)
    except ProtectedError as error:
        gone = ", ".join(sorted(str(row) for row in error.protected_objects)[:3])
        pack.refuse(("programme",), _("drops what is in use: %(rows)s") % {"rows": gone})
        raise WrongPack(pack.flaws) from error
    if changes:
        journal.record("pack_loaded", target=document, facts={"version": pack.version, "changes": changes})
    return Loaded(pack.name, document, changes)


def phase_shift():
    """The setting LINKAGE_PHASE_SHIFT: whole days, or ``auto``."""
    setting = str(settings.PHASE_SHIFT).strip() or "0"
    if setting != AUTO and not setting.removeprefix("-").isdecimal():
        raise ImproperlyConfigured("LINKAGE_PHASE_SHIFT is a number of days, or auto.")
    return setting


def _hand_over(pack):
    region = Region.objects.filter(code=pack.document["region"]).first()
    document, changes = load_document(pack.document, pack.clauses, region=region, version=pack.version)
    terms.provide_defaults()
    assembly_rules.provide_defaults()
    changes += load_targets(document, pack.targets)
    changes += load_benchmarks(document, pack.benchmarks)
    if pack.programme is not None:
        programme, changed = load_programme(document, pack.programme, shift=phase_shift())
        changes += changed
        for area in pack.programme["pilot_area"]:
            changes += load_pilots(
                programme,
                Region.objects.get(code=area["region"]),
                Region.objects.filter(code__in=area["communities"]),
                basis=area["basis"],
                on=area["designated_on"],
            )
    return document, changes


def _check_against_records(pack):
    """What only the database knows: regions that are loaded, numbers other documents bear."""
    document, programme = pack.document, pack.programme
    bearer = PolicyDocument.objects.filter(doc_no=document["doc_no"]).exclude(code=document["code"]).first()
    if document["doc_no"] and bearer:
        pack.refuse(("document", "doc_no"), _("is the number of %(code)s") % {"code": bearer.code})
    _check_targets(pack)
    if programme is None:
        return
    territory = Region.objects.filter(code=document["region"]).first()
    if territory is None:
        pack.refuse(
            ("document", "region"), _("this region is not loaded, and the programme needs it (load_regions)")
        )
        return
    for area in programme["pilot_area"]:
        _check_pilot_area(pack, area, territory)


def _check_targets(pack):
    for rows, model in ((pack.targets, Target), (pack.benchmarks, Benchmark)):
        _check_codes(pack, rows, model)
    known = terms.known()
    for target in pack.targets:
        if target["term"] and target["term"] not in known:
            pack.refuse(
                (*target.place, "term"),
                _("nobody has set what this word means; known are: %(words)s") % {"words": ", ".join(known)},
            )


def _check_codes(pack, rows, model):
    elsewhere = dict(
        model.objects.filter(code__in={row["code"] for row in rows})
        .exclude(document__code=pack.document["code"])
        .values_list("code", "document__code")
    )
    for row in rows:
        if row["code"] in elsewhere:
            pack.refuse((*row.place, "code"), _("is taken by %(code)s") % {"code": elsewhere[row["code"]]})


def _check_pilot_area(pack, area, territory):
    region = Region.objects.filter(code=area["region"]).first()
    if region is None or not territory.contains(region):
        pack.refuse((*area.place, "region"), _("is no region of this territory"))
        return
    known = set(
        Region.objects.communities()
        .within(region)
        .filter(code__in=area["communities"])
        .values_list("code", flat=True)
    )
    for code in area["communities"]:
        if code not in known:
            pack.refuse(
                (*area.place, "communities"), _("%(code)s is no community of this area") % {"code": code}
            )
