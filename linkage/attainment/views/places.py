"""Which place and which document an address means, within what this person may see."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import Http404

from communities.models import Region
from linkage.attainment.models import PlaceMeasures, Target
from linkage.attainment.services import reading
from linkage.foundation import measures
from linkage.policy.models import PolicyDocument


@dataclass(frozen=True)
class Asked:
    """A place and the documents that speak of it, the chosen one first asked for."""

    place: Region
    documents: list
    document: PolicyDocument | None
    is_new: bool = False  # in an edition: the place did not exist yet


def place_of(user, code):
    """The place of this code within one's scope; without a code, one's own. None for nobody's."""
    if not code:
        return user.home_region
    found = user.place(code)
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
        for document in documents.select_related("region")
        if document.region.contains(place) or place.contains(document.region)
    ]
    return sorted(related, key=lambda document: not document.region.contains(place))


def asked_for(user, *, place="", policy="", when=None):
    """``when``: an edition, in which the place is what it was then."""
    found = place_of(user, place)
    if found is None:
        if policy:
            raise Http404
        return Asked(None, [], None)
    then = when.place(found) if when else found
    if then is None:
        return Asked(found, [], None, is_new=True)
    found = then
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


def own_figures(targets, places, when=None, standing=None):
    """``{region pk: {measure: figure}}`` of the communities among these places.

    There a target tests one unit, and its plain figure says more than the share of units that pass.
    """
    communities = [place for place in places if place.is_community]
    keys = sorted(own_keys(targets))
    found = {place.pk: {} for place in communities}
    if not communities or not keys:
        return found
    if when and when.restated:  # of several places together
        return reading.totals(keys, communities, edition=when.edition, restated=True, standing=standing)
    edition = when.edition if when else None
    return found | reading.own_figures([place.pk for place in communities], keys, edition=edition)


def own_keys(targets):
    """The measures of places that these targets read."""
    of_places = [target for target in targets if target.table == PlaceMeasures.KIND]
    return {key for target in of_places for key in (target.metric, target.per) if measures.get(key)}
