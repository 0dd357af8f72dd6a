"""Offices, posts and accounts, who stands in for whom, and the tokens of programs."""

from communities.offices.models.deputy import Deputy, people_in
from communities.offices.models.office import AccountManager, Office, Post, User
from communities.offices.models.seat import Seat
from communities.offices.models.token import ApiToken

__all__ = ["AccountManager", "ApiToken", "Deputy", "Office", "Post", "Seat", "User", "people_in"]
