"""五社台账: the registers by party, each a door to its list."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities.people.services import may_find
from linkage.desk.registers import parties
from linkage.foundation.filters import strict_query


@login_required
@require_safe
def registers(request):
    strict_query(request, ("large",))
    seen = [party for party in parties(request) if party.lines]
    return render(request, "desk/registers.html", {"parties": seen, "may_find": may_find(request.user)})
