"""社区一页通: one community, everything known of it; and what has changed there."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linkage.attainment import services
from linkage.attainment.models import Edition
from linkage.attainment.views.places import crumbs, documents_for
from linkage.desk.community import cards, changes, rows
from linkage.desk.community.facts import facts_of
from linkage.desk.context import Frame
from linkage.foundation.filters import strict_query


@login_required
@require_safe
def community(request, code):
    """The page itself; ``?policy=`` chooses the document it is read against."""
    query = strict_query(request, {"policy": str, "large": str})
    user, today = request.user, timezone.localdate()
    place = _place(user, code)
    documents = documents_for(user, place)
    document = _chosen(documents, query.get("policy"))
    editions = list(Edition.objects.with_demand())
    before = rows.year_end(editions, today)
    own, kept = rows.figures_of(user, place), rows.figures_of(user, place, before) if before else dict
    catching_up = services.catching_up(user)
    Frame(user).put()  # with the facts, which are one question
    told = cards.Told(request, place, facts_of(user, place, today), own())
    return render(
        request,
        "desk/community.html",
        {
            "place": place,
            "crumbs": crumbs(user, place),
            "today": today,
            "is_catching_up": catching_up,
            "facts": told.facts,
            "strip": cards.strip(told),
            "bands": cards.bands(told.facts.profile) if told.facts.profile else [],
            "cards": cards.cards(told),
            "document": document,
            "documents": documents,
            "judged": rows.judged(document, place, told.own, editions, today) if document else None,
            "counted": rows.counted(place, told.own, kept(), before),
            "before": before,
            "awaited": rows.registers_awaited(),
            "found": rows.projects_of(user, place),
            "needs": rows.needs_of(user, place),
            "lists": cards.lists(told),
            "first": len(rows.FIRST),
        },
    )


@login_required
@require_safe
def history(request, code):
    """变更记录: how the place was called and where it belonged, and what was changed in its registers."""
    strict_query(request, ("large",))
    place = _place(request.user, code)
    return render(
        request,
        "desk/community_history.html",
        {
            "place": place,
            "crumbs": crumbs(request.user, place),
            "placements": changes.placements(place),
            "changes": changes.of(request.user, place),
            "most": changes.MOST,
        },
    )


def _place(user, code):
    """The community of this code within one's scope."""
    found = user.place(code)
    if found is None or not found.is_community:
        raise Http404
    return found


def _chosen(documents, code):
    if not code:
        return documents[0] if documents else None
    found = next((document for document in documents if document.code == code), None)
    if found is None:
        raise Http404
    return found
