"""Which place and which document an address means, within what this person may see."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import Http404

from communities.models import Region
from linkage.attainment.models import PlaceMeasures, Target
from linkage.foundation import measures
from linkage.policy.models import PolicyDocument


@dataclass(frozen=True)
class Asked:
    """A place and the documents that speak of it, the chosen one first asked for."""

    place: Region
    documents: list
    document: PolicyDocument | None


def place_of(user, code):
    """The place of this code within one's scope; without a code, one's own. None for nobody's."""
    if not code:
        return user.home_region
    found = Region.objects.visible_to(user).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def documents_for(user, place):
    """Documents with targets whose territory contains the place, or lies in it; the nearest first."""
    documents = PolicyDocument.objects.visible_to(user).filter(
        Exists(Target.objects.filter(document=OuterRef("pk")))
    )
    related = [
        document
        for document in documents.select_related("region").prefetch_related("programmes")
        if document.region.contains(place) or place.contains(document.region)
    ]
    return sorted(related, key=lambda document: not document.region.contains(place))


def asked_for(user, *, place="", policy=""):
    found = place_of(user, place)
    if found is None:
        if policy:
            raise Http404
        return Asked(None, [], None)
    documents = documents_for(user, found)
    if not policy:
        return Asked(found, documents, documents[0] if documents else None)
    document = next((document for document in documents if document.code == policy), None)
    if document is None:
        raise Http404
    return Asked(found, documents, document)


def crumbs(user, place):
    """``[(place, may one open it)]`` from the province down to this place."""
    posts = [post.office.region for post in user.current_posts]
    return [(region, any(own.contains(region) for own in posts)) for region in [*place.ancestors, place]]


def own_figures(targets, places):
    """``{region pk: {measure: figure}}`` of the communities among these places.

    There a target tests one unit, and its plain figure says more than the share of units that pass.
    """
    communities = [place.pk for place in places if place.is_community]
    of_places = [target for target in targets if target.table == PlaceMeasures.KIND]
    keys = {key for target in of_places for key in (target.metric, target.per) if measures.get(key)}
    found = {pk: {} for pk in communities}
    if communities and keys:
        rows = PlaceMeasures.objects.filter(pk__in=communities).values("pk", *sorted(keys))
        found |= {row.pop("pk"): row for row in rows}
    return found
