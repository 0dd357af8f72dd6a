"""What happens below is told to whoever builds on it, in the same transaction; below never learns who hears.

    @tidings.hears("office.handed_over")          in an upper app, imported when its app is ready
    def follow(office, heir, on, by): ...

    tidings.tell("office.handed_over", office=office, heir=heir, on=on, by=by)

``tell`` answers what the hearers said, and an exception of one of them undoes the deed.
"""

from collections import defaultdict

_hearers = defaultdict(list)


def hears(kind):
    """Call the function at every tiding of this kind, with its facts by keyword."""

    def remember(function):
        _hearers[kind].append(function)
        return function

    return remember


def tell(kind, **facts):
    """What each hearer answers, in the order in which they came to be known."""
    return [hearer(**facts) for hearer in _hearers[kind]]


def ask(kind, **facts):
    """The answers in one list, where hearers answer with lists."""
    return [one for answer in tell(kind, **facts) for one in answer]
