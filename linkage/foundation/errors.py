"""What can be wrong besides the data: the moment, a neighbour's lock, a key used twice."""


class NotNow(Exception):
    """The thing asked for is not possible at this moment. REST answers 409, a page says so.

    ``url`` is where a page sends the person instead; without it, back to where they came from.
    """

    def __init__(self, message, *, url=None):
        super().__init__(message)
        self.message = message
        self.url = url

    def __str__(self):
        return str(self.message)


class Busy(NotNow):
    """Somebody else holds the row; the same request may succeed in a moment."""


class TooOften(Exception):
    """Allowed, but not so many times in so short a time. Answered 429."""


class IdempotencyConflict(Exception):
    """A key that already answered one request came back with another. Answered 422."""
