"""How often one address may write or ask. Counted per web process: a brake on machines, not a fence."""

from django.core.cache import cache

from linkage.foundation.journal import client_address

OBJECTIONS = (20, 3600)  # a street office behind one address enters more than one person does
QUESTIONS = (30, 600)


def too_often(request, what, limit):
    """Count this request; True when its address has used up ``limit`` = (times, seconds)."""
    times, seconds = limit
    key = f"portal:{what}:{client_address(request)}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > times
    except ValueError:  # it ran out between the two lines
        return False
