"""First passwords of many accounts at once: made when they are asked for, kept nowhere but as hashes.

Accounts that came by a table open to nobody until then. Who loses the list makes another one, as long as
the people on it have not signed in; the earlier passwords open nothing any more.
"""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as UNUSABLE
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.db import transaction
from django.utils.translation import gettext as _

from communities.offices import rules
from communities.offices.models import User
from communities.offices.services.accounts import new_password
from linkage.foundation import journal
from linkage.foundation.errors import NotNow

PASSWORDS = 500  # of one list
# A first password has 69 random bits, which nobody guesses however fast the hash is; a slow one would keep
# the page waiting for minutes. The first sign-in hashes it anew as any other.
ROUNDS = 50_000


def without_password(user):
    """The accounts this person administers that have never had a password."""
    return _kept_by(user).filter(password__startswith=UNUSABLE)


def without_sign_in(user):
    """Those that were given one by which nobody has signed in yet."""
    given = _kept_by(user).filter(must_change_password=True, last_login__isnull=True)
    return given.exclude(password__startswith=UNUSABLE)


def _kept_by(user):
    """Open accounts with a running post under a place this person administers."""
    kept = user.under_administration("posts__office__region__path")
    found = User.objects.filter(kept, is_active=True, posts__ended_at__isnull=True)
    return User.objects.filter(pk__in=found.order_by().values("pk"))


@transaction.atomic
def give_first_passwords(*, by, anew=False):
    """``[(account, password)]`` of those without one, or, ``anew``, of those who have not signed in yet.

    At most ``PASSWORDS`` at a time; each account is journalled, no password is.
    """
    by.ask_posts_anew()
    wanted = (without_sign_in if anew else without_password)(by)
    rows = wanted.select_for_update(of=("self",)).prefetch_related("posts__office__region").order_by("pk")
    mine = [user for user in rows.iterator(chunk_size=500) if rules.may_keep_account(by, user)][:PASSWORDS]
    if not mine:
        raise NotNow(_("Nobody below waits for a first password."))
    given = []
    for user in mine:
        password = new_password()
        user.password, user.must_change_password = _hashed(password), True
        user.failed_logins, user.locked_until = 0, None
        journal.record("first_password_given", by=by, target=user)
        given.append((user, password))
    User.objects.bulk_update(mine, ["password", "must_change_password", "failed_logins", "locked_until"])
    return given


def _hashed(password):
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), ROUNDS)
    return hasher.encode(password, hasher.salt())
