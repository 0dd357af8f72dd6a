#!/usr/bin/env python
"""Django's command line for Linkage."""

import os
import sys

from django.core.management import execute_from_command_line

OWNER_COMMANDS = {"migrate", "flush", "sqlflush", "pgtrigger", "purge_journals"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkage.settings")
    os.environ.setdefault("LINKAGE_STATEMENT_TIMEOUT", "0")  # commands work in bulk
    if OWNER_COMMANDS & set(sys.argv[1:2]):
        os.environ.setdefault("LINKAGE_ROLE", "owner")
    execute_from_command_line(sys.argv)
