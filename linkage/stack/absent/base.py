"""Refuses every connection in plain words."""

import psycopg2
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        raise psycopg2.OperationalError(
            "平台没有运行，请先执行 make run。 The platform is not running: start it with make run, "
            "or set DATABASE_URL and REDIS_URL."
        )
