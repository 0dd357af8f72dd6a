"""What can be wrong besides the data: the moment."""


class NotNow(Exception):
    """The thing asked for is not possible at this moment. REST answers 409, a page says so."""
