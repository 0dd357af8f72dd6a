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
from linkage.packs import agreement
from linkage.packs.reading import Pack
from linkage.packs.source import WrongPack
from linkage.policy.models import PolicyDocument
from linkage.policy.services import load_document
from projects.models import Programme
from projects.services.programme import AUTO, load_pilots, load_programme

SHIPPED = Path(__file__).parent


@dataclass(frozen=True)
class Loaded:
    """What became of one file; ``changes`` counts the rows made, changed or removed."""

    file: str
    document: PolicyDocument
    changes: int
    title: str  # of the document, or of the programme that the file gives it


def shipped():
    """The documents, with the programmes they lay down themselves."""
    return sorted(SHIPPED.glob("*.toml"))


def examples():
    """Example programmes for documents that lay down none; they are loaded only when asked for."""
    return sorted((SHIPPED / "examples").glob("*.toml"))


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
    title = pack.programme["title"] if pack.belongs_to else document.title
    return Loaded(pack.name, document, changes, title)


def phase_shift():
    """The setting LINKAGE_PHASE_SHIFT: whole days, or ``auto``."""
    setting = str(settings.PHASE_SHIFT).strip() or "0"
    if setting != AUTO and not setting.removeprefix("-").isdecimal():
        raise ImproperlyConfigured("LINKAGE_PHASE_SHIFT is a number of days, or auto.")
    return setting


def _hand_over(pack):
    if pack.belongs_to:
        document = PolicyDocument.objects.get(code=pack.belongs_to)
        return document, _hand_over_programme(pack, document)
    region = Region.objects.filter(code=pack.document["region"]).first()
    document, changes = load_document(pack.document, pack.clauses, region=region, version=pack.version)
    terms.provide_defaults()
    assembly_rules.provide_defaults()
    changes += load_targets(document, pack.targets)
    changes += load_benchmarks(document, pack.benchmarks)
    if pack.programme is not None:
        changes += _hand_over_programme(pack, document)
    return document, changes


def _hand_over_programme(pack, document):
    assembly_rules.provide_defaults()
    programme, changes = load_programme(document, pack.programme, shift=phase_shift())
    for area in pack.programme["pilot_area"]:
        changes += load_pilots(
            programme,
            Region.objects.get(code=area["region"]),
            Region.objects.filter(code__in=area["communities"]),
            basis=area["basis"],
            on=area["designated_on"],
        )
    return changes


def _check_against_records(pack):
    """What only the database knows: regions that are loaded, numbers other documents bear."""
    if pack.belongs_to:
        _check_programme_of_another_file(pack)
        return
    document, programme = pack.document, pack.programme
    bearer = PolicyDocument.objects.filter(doc_no=document["doc_no"]).exclude(code=document["code"]).first()
    if document["doc_no"] and bearer:
        pack.refuse(("document", "doc_no"), _("is the number of %(code)s") % {"code": bearer.code})
    _check_targets(pack)
    if programme is None:
        return
    territory = Region.objects.filter(code=document["region"]).first()
    _check_programme(pack, territory, ("document", "region"), document["code"])


def _check_programme_of_another_file(pack):
    document = PolicyDocument.objects.filter(code=pack.belongs_to).select_related("region").first()
    if document is None:
        told = _("the platform knows no document %(code)s; load its own file first")
        pack.refuse(("document",), told % {"code": pack.belongs_to})
        return
    agreement.cited_clauses(pack, list(document.clauses.values("number", "text")))
    _check_programme(pack, document.region, ("document",), document.code)


def _check_programme(pack, territory, place, code):
    """``place`` is where the file names the territory; ``code`` that of the document."""
    other = Programme.objects.filter(code=pack.programme["code"]).exclude(document__code=code).first()
    if other is not None:
        told = _("is the programme of %(code)s") % {"code": other.document.code}
        pack.refuse(("programme", "code"), told)
    if territory is None:
        pack.refuse(place, _("this region is not loaded, and the programme needs it (load_regions)"))
        return
    for area in pack.programme["pilot_area"]:
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
