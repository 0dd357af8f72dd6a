"""Sessions in the database whose end moves once a minute at most, not with every request."""

from datetime import timedelta

from django.contrib.sessions.backends import db
from django.utils import timezone

STEP = 60  # seconds; SESSION_COOKIE_AGE holds them beside the time one may be idle


class SessionStore(db.SessionStore):
    """Reading a session that was last prolonged more than ``STEP`` ago prolongs it."""

    def load(self):
        found = self._get_session_from_db()
        if found is None:
            return {}
        left = found.expire_date - timezone.now()
        if left < timedelta(seconds=self.get_session_cookie_age() - STEP):
            self.modified = True
        return self.decode(found.session_data)
