"""Telephones of organisations are kept sealed, with what finds them."""

from linkage.foundation.fields import keyed_hash
from linkage.foundation.standards import normalise_phone


def seal_leader_phone(organization, phone):
    """Set the leader's telephone; the same number always has the same hash, whoever has it."""
    organization.leader_phone = normalise_phone(phone)
    organization.leader_phone_hash = keyed_hash(f"phone:{organization.leader_phone}") if phone else ""
    return organization
