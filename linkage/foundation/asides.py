"""Small questions of a page – does something wait, how many are unread – asked of the database together.

Each is a subquery that answers one value. Whoever reads the first answer fetches all that were put so far.
"""


class Asides:
    """``row``: a queryset of the one row beside which the questions are asked."""

    def __init__(self, row):
        self._row = row
        self._open, self._known = {}, {}

    def knows(self, name):
        return name in self._open or name in self._known

    def put(self, name, question):
        """A question that will be read later in this request; answers how to read it."""
        if not self.knows(name):
            self._open[name] = question
        return lambda: self.read(name)

    def read(self, name):
        if name in self._open:
            self._known |= self._row.values(**self._open).get()
            self._open = {}
        return self._known[name]
