"""Facts about people: who they are, once, and what they are in a community."""

from .person import IdentityType, Person, PersonRole

__all__ = ["IdentityType", "Person", "PersonRole"]
