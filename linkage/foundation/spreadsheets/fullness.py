"""Exports with personal numbers in full: only by a post that was given the right, with a reason, few, short.

The right is a fact about a post (``full_exports``), given by the administrator who keeps it; a deputy does
not have it. The file is sealed as long as it is kept and is for its owner alone, who is asked again.
"""

import tempfile
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation.errors import TooOften
from linkage.foundation.ledger import keeping_posts
from linkage.foundation.models import AuditEvent

from . import vault

EVENT = "full_export_started"
ROWS = 5_000  # of one export
A_DAY = 3  # exports of one person
KEPT = timedelta(hours=2)


def posts_of(user, sheet):
    """One's own filing posts that were given the right, of the duty of this register."""
    if sheet is None or not sheet.model.sealed:
        return []
    posts = keeping_posts(user, sheet.model.duties)
    return [post for post in posts if post.user_id == user.pk and getattr(post, "full_exports", False)]


def cover(posts, places):
    """Whether all these paths lie at or under places of the posts."""
    homes = [post.office.region.path for post in posts]
    return bool(homes) and all(any(path.startswith(home) for home in homes) for path in places)


def may(user, sheet):
    """Whether this person may export all they read of this register in full."""
    places = {post.office.region.path for post in sheet.readers(user)}
    return cover(posts_of(user, sheet), places)


def asked(sheet, places, rows, *, by, reason):
    """What the job is told of an export in full; the lock on the person is held by who asks."""
    if not cover(posts_of(by, sheet), places):
        raise PermissionDenied
    reason = (reason or "").strip()
    if len(reason) < 2 or len(reason) > 200 or "\0" in reason:
        raise ValidationError({"reason": [_("Give the reason in a few words, at most 200 characters.")]})
    if rows > ROWS:
        raise ValidationError(
            {
                "reason": [
                    _("At most %(most)s rows in full at a time; narrow the list, it has %(rows)s.")
                    % {"most": ROWS, "rows": rows}
                ]
            }
        )
    since = timezone.now() - timedelta(days=1)
    if AuditEvent.objects.filter(kind=EVENT, by=by, at__gt=since).count() >= A_DAY:
        raise TooOften(_("At most %s exports in full within a day. Try again tomorrow.") % A_DAY)
    return {"full": True, "reason": reason, "kept_for": KEPT.total_seconds()}


def opened(name):
    """The sealed file of an export as one that can be read; no longer on the disk by name."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by who sends it)
    for piece in vault.pieces(name):
        file.write(piece)
    file.seek(0)
    return file
