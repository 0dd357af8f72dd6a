"""What is made from the sources before the site starts: message catalogues and the static folder."""

import os
import subprocess
import sys

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from linkage.stack.home import ROOT

MANIFEST = ROOT / "staticfiles" / "staticfiles.json"


def make():
    for po in _catalogues():
        with open(po, "rb") as source:
            catalogue = read_po(source, locale=po.parents[1].name)
        with open(po.with_suffix(".mo"), "wb") as target:
            write_mo(target, catalogue)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "-v0"],
        cwd=ROOT,
        env=os.environ | {"LINKAGE_DEBUG": "0"},
        check=True,
    )


def are_stale():
    if not MANIFEST.exists():
        return True
    made = MANIFEST.stat().st_mtime
    sources = [*_catalogues(), *(path for path in (ROOT / "static").rglob("*") if path.is_file())]
    return any(path.stat().st_mtime > made for path in sources)


def _catalogues():
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
