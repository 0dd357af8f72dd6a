"""The five registers of a province, made up set by set.

``load`` chooses the communities, makes up people and organisations in Python and writes them by COPY,
then fills everything that hangs on them by INSERT … SELECT: the same seed gives the same ledger.
"""

from django.db import transaction
from django.utils import timezone

from linkage.demo.registers import (
    charity,
    communities,
    facilities,
    officers,
    people,
    places,
    socialwork,
    ties,
    volunteers,
)
from linkage.demo.registers.humans import Humans
from linkage.demo.registers.organizations import Organizations
from linkage.demo.registers.sets import Loading

LINES = 60_000  # rows made up before they are written


@transaction.atomic
def load(province, *, seed, scale, always=(), password=None, today=None):
    """Fill the registers of a share of a province's communities, and of those in ``always``.

    Every place of the province has its office by then. ``password``: a hash, for the accounts of the streets.
    Answers the ``Loading``: rows and seconds of each table.
    """
    loading = Loading(seed, today or timezone.localdate())
    with loading.unhurried():
        places.choose(loading, province, scale, always)
        officers.appoint(loading, password)
        houses = facilities.fill(loading)
        grids = communities.fill(loading)
        staff, organizations, workers, helpers = _tell(loading)
        volunteers.Sets(loading, helpers).fill()
        people.fill(loading, staff, grids, helpers)
        ties.Sets(loading, organizations, houses).fill()
        socialwork.Sets(loading, workers, organizations).fill()
        charity.Sets(loading, organizations).fill()
    return loading


def _tell(loading):
    """Everybody and every organisation, place by place; answers who tells of what."""
    humans = Humans(loading)
    staff = people.Staff(loading, humans)
    organizers = Organizations(loading, humans)
    workers = socialwork.Workers(loading, humans, staff)
    helpers = volunteers.Volunteers(loading, humans)
    units = communities.Units(loading)
    for place in places.uppers(loading):
        chance = loading.chances(place.code)
        organizers.above(place, chance)
        staff.above(place, chance)
    for place in places.communities(loading):
        chance = loading.chances(place.code)
        for teller in (staff, organizers, workers, helpers, units):
            teller.at_home(place, chance)
        loading.write(at_least=LINES)
    loading.write()
    return [teller.table.ids for teller in (staff, organizers, workers, helpers)]
