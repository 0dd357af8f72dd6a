"""The frame around every page: who sits here, for which office, and how much waits."""

from django.conf import settings
from django.utils.functional import cached_property

from linkage.desk.boxes import MOST, UNREAD, heights, put


class Frame:
    """Asked for only by templates that draw the frame, so a fragment or a file costs nothing."""

    most = MOST  # no pile is counted beyond it

    def __init__(self, user):
        self.user = user

    @property
    def name(self):
        return str(self.user)

    @cached_property
    def post(self):
        return self.user.main_post if self.user.is_authenticated else None

    @property
    def office(self):
        return self.post.office.name if self.post else ""

    @property
    def role(self):
        return self.post.get_role_display() if self.post else ""

    @cached_property
    def region_path(self):
        """The names from the province down to one's own place."""
        if self.post is None:
            return []
        home = self.user.home_region
        return [region.name for region in [*home.ancestors, home]]

    @cached_property
    def todo(self):
        """What waits for this person: to be decided, or sent back to be revised."""
        if self.post is None:
            return 0
        return heights(self.user, self._piles)[self._piles[0]]

    @cached_property
    def _piles(self):
        """What the frame counts, in one query: the pile of this person, and messages."""
        if self.post is None:
            return [UNREAD]
        return ["waiting" if self.user.deciding_offices else "returned", UNREAD]

    @cached_property
    def unread(self):
        """Messages nobody has opened yet."""
        return heights(self.user, self._piles)[UNREAD] if self.user.is_authenticated else 0

    def put(self):
        """What the frame counts will be asked together with what the page asks first."""
        put(self.user, self._piles)

    @property
    def administers(self):
        return self.user.is_authenticated and self.user.administers

    @property
    def idle_seconds(self):
        return settings.IDLE_SECONDS


def frame(request):
    return {"frame": Frame(request.user)} if hasattr(request, "user") else {}
