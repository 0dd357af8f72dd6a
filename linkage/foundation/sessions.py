"""Sessions in the database whose end moves once a minute at most, not with every request."""

from datetime import timedelta

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.utils import timezone

STEP = 60  # seconds; SESSION_COOKIE_AGE holds them beside the time one may be idle


class SessionStore(db.SessionStore):
    """Reading a session that was last prolonged more than ``STEP`` ago prolongs it, by one statement."""

    as_read = None  # what stood in the row of a session to be prolonged

    def load(self):
        found = self._get_session_from_db()
        if found is None:
            return {}
        left = found.expire_date - timezone.now()
        if left < timedelta(seconds=self.get_session_cookie_age() - STEP):
            self.modified = True
            self.as_read = found.session_data
        return self.decode(found.session_data)

    def save(self, must_create=False):
        if must_create or self.as_read is None or self.decode(self.as_read) != self._get_session():
            return super().save(must_create)
        row = self.model.objects.filter(session_key=self.session_key)
        if not row.update(expire_date=self.get_expiry_date()):
            raise UpdateError  # signed out meanwhile: it does not come back
        return None
