"""Tokens of a place: made, used, revoked by their owner."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Region
from communities.offices.models import ApiToken, User
from linkage.foundation import journal
from linkage.foundation.errors import NotNow

MARK = "lk_"  # by which a token of a place is known, in a header and by those who look for lost secrets
TOKENS = 10  # of one person at a time
TOKEN_DAYS = (30, 90, 180, 365)
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last use is kept


@transaction.atomic
def make_token(*, by, name, region, days):
    """A token for the statistics of one place under one's posts. Answers (token, secret), shown once."""
    User.objects.select_for_update().get(pk=by.pk)
    problems, name = {}, name.strip()
    mine = ApiToken.objects.of(by).filter(revoked_at__isnull=True)
    if not name:
        problems["name"] = [_("Enter a name by which you know the token again.")]
    elif mine.filter(name=name).exists():
        problems["name"] = [_("You have a token of this name already.")]
    if days not in TOKEN_DAYS:
        problems["days"] = [_("Choose how long the token is valid.")]
    if not Region.objects.visible_to(by).filter(pk=region.pk).exists():
        problems["region"] = [_("Choose a place of yours.")]
    if problems:
        raise ValidationError(problems)
    if mine.open().count() >= TOKENS:
        raise NotNow(_("You have %(most)s tokens. Revoke one you no longer need.") % {"most": TOKENS})
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=by,
        name=name,
        region=region,
        digest=_digest(secret),
        expires_at=timezone.now() + timedelta(days=days),
    )
    journal.record("api_token_made", by=by, target=token, facts={"place": region.code, "days": days})
    return token, secret


@transaction.atomic
def revoke_token(token, *, by):
    """End a token of one's own; the next request with it is refused."""
    token = ApiToken.objects.of(by).select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        raise NotNow(_("This token has been revoked already."))
    token.revoked_at = timezone.now()
    token.save()
    journal.record("api_token_revoked", by=by, target=token)
    return token


def token_of(secret):
    """The open token with this secret and its owner, narrowed to its place; None if there is none.

    The last use is written down once a minute at most.
    """
    found = ApiToken.objects.open().filter(digest=_digest(secret)).select_related("user", "region").first()
    if found is None or not found.user.is_active or found.user.must_change_password:
        return None
    now = timezone.now()
    if found.last_used_at is None or found.last_used_at < now - SEEN_EVERY:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    found.user.narrow_to(found.region)
    return found


def _digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()
