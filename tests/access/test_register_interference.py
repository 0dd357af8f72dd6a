"""What other places keep changes nothing here: the same walk through the registers, byte for byte.

Elsewhere rows are added, changed, removed and merged. That none of them can be made to point at a row of
here is told in ``tests/registers/test_forgery.py``: the figures of a row count whatever points at it.
"""

from itertools import zip_longest

import pytest
from django.db import models
from django.test import Client

from linkage.foundation import keeping
from linkage.foundation.fields import EncryptedTextField
from tests.access import registers
from tests.access.kept import kept_at
from tests.access.test_register_canaries import beside, choices, lists, rows
from tests.access.walk import masked
from tests.registers.rows import Rows
from tests.registers.rows import registers as models_of_registers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "who",
    [
        "community",
        *(
            pytest.param(who, marks=pytest.mark.long)
            for who in (
                *("all of community", "street", "county", "charity", "organization"),
                *("county_admin", "observer", "staff"),
            )
        ),
    ],
)
def test_what_other_cities_keep_changes_no_byte(kept, who, clock_stands):
    """In the short form a third of the addresses, of every kind some."""
    every = 3 if who == "community" else 1
    who = who.removeprefix("all of ")
    kept.leaning = {}
    client = Client()
    client.force_login(kept.world.fresh(who))
    before = walked(kept, client, every)
    much_is_kept_in_jiuquan(kept)
    differing = told_apart(before, walked(kept, client, every))
    assert differing == {}, "\n".join(f"{address}: {pair}" for address, pair in differing.items())
    assert len(before) > 300 // every
    # The control: a walk that did not notice what is kept here would prove nothing.
    typed_anew(kept.rows["near"])
    assert len(told_apart(before, walked(kept, client, every))) > 80 // every


def told_apart(before, after):
    """``{address: the first words that differ}``"""
    found = {}
    for address in before:
        one, other = ([*walk[address][:2], *walk[address][2].splitlines()] for walk in (before, after))
        if one != other:
            found[address] = next(pair for pair in zip_longest(one, other) if pair[0] != pair[1])
    return found


def walked(kept, client, every):
    """One's own lists, rows and choices; of elsewhere the access table tells that nothing is there."""
    plain = [address for address in lists(kept) if "?" not in address or address.endswith("q=CNR")]
    own = [address for address in rows(kept, ["near"]) if address.endswith(("/change/", "/history/"))]
    over_rest = [f"/api/v1/{address}/?size=100" for address in registers.REST]
    found = {}
    for address in (*plain, *own, *over_rest, *choices(kept), *beside())[::every]:
        cookies = client.cookies.copy()
        found[address] = masked(client.get(address))
        client.cookies = cookies
    return found


def much_is_kept_in_jiuquan(kept):
    far = kept.rows["far"]
    Rows(far.place, lambda region: f"{kept_at(region)} more").fitting()
    typed_anew(far)
    gone = Rows(far.place, lambda region: f"{kept_at(region)} gone").fitting()
    for row in gone.values():
        if type(row)._meta.label == "charity.Donation":
            continue  # its receipt stands
        type(row).everything.filter(pk=row.pk).update(removed_at=far.by.date_joined, removed_by=far.by)
    double = Rows(far.place, lambda region: f"{kept_at(region)} double")["facilities.ServiceFacility"]
    keeping.merge(
        far["facilities.ServiceFacility"], double, by=kept.world.people["stranger"], reason="double"
    )


def typed_anew(kept_rows):
    """Another word in every text and one more in every figure, as far as the rows may be written."""
    for model in models_of_registers():
        row = kept_rows[model]
        texts = {
            field.name: f"{getattr(row, field.name)} anew"[: field.max_length or 500]
            for field in model._meta.local_fields
            if isinstance(field, (models.CharField, models.TextField))
            and not isinstance(field, EncryptedTextField)
            and not field.choices
            and not field.name.endswith("_hash")
            and kept_rows.mark in str(getattr(row, field.name))
        }
        if texts and model._meta.label != "charity.Donation":  # its receipt stands
            model.everything.filter(pk=row.pk).update(**texts)
