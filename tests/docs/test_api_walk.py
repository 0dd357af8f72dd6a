"""The walkthroughs of docs/api.md do what they say, against a running site."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from communities.offices.models import User
from linkage.attainment import services, tasks
from linkage.attainment.services import counting, groups, terms
from linkage.foundation import jobs, outbox
from linkage.foundation.models import Job
from linkage.packs.reading import Pack
from linkage.packs.services import SHIPPED
from projects.services import chain
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
assert tasks.export  # the worker knows this kind of job

DOC = Path(settings.BASE_DIR) / "docs/api.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind, *sections):
    """The code of a kind under these headings, in order."""
    parts = re.split(r"^(#+ .*)$", DOC.read_text(), flags=re.MULTILINE)
    text = dict(zip(parts[1::2], parts[2::2], strict=True))
    return [code for section in sections for name, code in BLOCK.findall(text[section]) if name == kind]


STATISTICS = ("## Statistics", "### Tokens for programs", "### Bulk exports", "### Special groups")


@pytest.fixture
def site(live_server, world, monkeypatch, settings, tmp_path):
    """The story world with targets, an edition, a published table, and a worker that works at once."""
    monkeypatch.setattr(outbox, "send", lambda task, *args: jobs.run(*args) if "run_job" in task else None)
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    services.load_targets(world.programme.document, Pack(SHIPPED / "gansu-2016.toml").targets)
    terms.provide_defaults()
    counting.rebuild()
    counting.freeze("demand", timezone.localdate())
    groups.publish_due()
    return live_server.url


def run(command, folder, **environment):
    plain = {
        **os.environ,
        "PASSWORD": factories.PASSWORD,
        "LC_ALL": "C.UTF-8",
        "no_proxy": "*",
        **environment,
    }
    done = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl")
def test_the_statistics_with_curl(site, tmp_path):
    script = "set -euo pipefail\n" + "\n".join(blocks("sh", *STATISTICS)).replace("curl -s ", "curl -sf ")
    said = run(["bash", "-c", script], tmp_path, HOST=site)
    assert re.search(r"304$", said, re.MULTILINE), "the second time nothing had changed"
    assert (tmp_path / "attainment.csv").read_text("utf-8-sig").startswith("place,place_name,level")
    assert (tmp_path / "attainment.xlsx").read_bytes().startswith(b"PK")
    assert (tmp_path / "special-groups.csv").read_text("utf-8-sig").count("\n") > 1
    totals = (tmp_path / "totals.csv").read_text("utf-8-sig").splitlines()
    assert totals[0].startswith("place,") and any(line.startswith("620902001001,") for line in totals)
    assert not User.objects.get(username="province").api_tokens.open().exists(), "revoked at the end"


def test_the_statistics_with_python(site, tmp_path):
    helpers, *_decision = blocks("python", "## With Python")
    code = "\n".join([helpers, *blocks("python", *STATISTICS)])
    said = run([sys.executable, "-W", "error", "-c", code], tmp_path, HOST=site)
    assert "620102" in said or "6201" in said
    assert (tmp_path / "attainment.csv").read_text("utf-8-sig").startswith("place,")
    assert Job.objects.get().state == "done"


def test_the_decision_with_python(site, tmp_path, world):
    factories.submitted(world)
    project = factories.submitted(world, title="等待县级")
    chain.decide(project, "approve", by=world.people["street"], opinion="同意", handler="x", leader="y")
    said = run([sys.executable, "-c", "\n".join(blocks("python", "## With Python"))], tmp_path, HOST=site)
    assert "now at" in said


def test_the_row_that_is_shown_has_the_columns_of_a_row(site, client, world):
    (shown,) = [json.loads(code) for code in blocks("json", "## Statistics")]
    client.force_login(world.people["province"])
    (row, *_more) = client.get("/api/v1/attainment/?policy=GS-2016&place=62").json()["results"]
    assert list(shown) == list(row)
