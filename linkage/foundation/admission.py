"""Who may ask over REST, and how often. Settings name these classes, so nothing here may import views.

A limit is so many requests in so many seconds, in windows that begin on the clock. The counters are in the
cache ``counters`` (Redis), for all processes together. Where that cannot be reached nobody is refused: a
brake on programs that run wild is not worth a site that stands still.
"""

import logging
import math
import time

from django.conf import settings
from django.core.cache import caches
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.throttling import BaseThrottle

log = logging.getLogger(__name__)


class Admitted(IsAuthenticated):
    """Whoever is signed in; but a token that is narrow only reads, and only where a door says so.

    ``request.auth.is_narrow`` is of the token, ``open_to_narrow_tokens`` of the door: a new door is closed.
    """

    def has_permission(self, request, view):
        if not super().has_permission(request, view):
            return False
        if not getattr(request.auth, "is_narrow", False):
            return True
        return request.method in SAFE_METHODS and getattr(view, "open_to_narrow_tokens", False)


class Limit(BaseThrottle):
    """``name`` is its line in ``settings.API_LIMITS``: (requests, seconds); 0 requests are no limit."""

    name = ""

    def whom(self, request):
        """Whose requests are counted together; None for those this limit does not know."""
        raise NotImplementedError

    def allow_request(self, request, view):
        times, seconds = settings.API_LIMITS.get(self.name, (0, 60))
        whom = self.whom(request)
        if not times or whom is None:
            return True
        now = time.time()
        self.left = seconds - now % seconds
        return _counted(f"limit:{self.name}:{whom}:{int(now // seconds)}", seconds) <= times

    def wait(self):
        return max(1, math.ceil(self.left))


def _counted(key, seconds):
    """Which request of its window this is; 0 where nobody counts."""
    counters = caches["counters"]
    try:
        if counters.add(key, 1, seconds + 5):
            return 1
        return counters.incr(key)
    except ValueError:  # it ran out between the two lines
        return 1
    except (RedisError, OSError) as error:
        log.warning("Requests are not counted: %s", type(error).__name__)
        return 0


class PerUser(Limit):
    """One person, by whatever way they sign in, all their tokens included."""

    name = "user"

    def whom(self, request):
        return request.user.pk if request.user and request.user.is_authenticated else None


class PerToken(Limit):
    """One token of a place."""

    name = "token"

    def whom(self, request):
        return request.auth.pk if getattr(request.auth, "is_narrow", False) else None


class Exports(PerUser):
    """How many exports one person may start."""

    name = "exports"
