"""Offices, posts and accounts, who stands in for whom, and the tokens of programs."""

from communities.offices.models.deputy import Deputy, people_in
from communities.offices.models.office import Office, Post
from communities.offices.models.seat import Seat
from communities.offices.models.token import ApiToken
from communities.offices.models.user import AccountManager, User

__all__ = ["AccountManager", "ApiToken", "Deputy", "Office", "Post", "Seat", "User", "people_in"]
