"""What a fresh embedded platform is given once: Gansu, the policies, the demo. The database itself tells."""

import io
import os

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from linkage.stack import note


def fill():
    quiet = io.StringIO()
    if not _any("communities.Region"):
        print("装入甘肃区划… loading the regions of Gansu…", flush=True)
        call_command("load_regions", "--province", "62", stdout=quiet)
    if not _any("policy.PolicyDocument"):
        print("装入政策文件… loading the policies…", flush=True)
        call_command("load_policies", stdout=quiet)
    if not _any("offices.User"):
        print("装入演示数据… loading the demo…", flush=True)
        note.ensure_demo_password(settings.HOME)
        call_command("load_demo", stdout=quiet)


def _any(label):
    return apps.get_model(label).objects.exists()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkage.settings")
    os.environ.setdefault("LINKAGE_STATEMENT_TIMEOUT", "0")
    django.setup()
    fill()
