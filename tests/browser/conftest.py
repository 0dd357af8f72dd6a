"""A real platform and a real Chromium; every person has a browser of their own."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.person import Person
from tests.stack.platform import Platform

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="package")
def chromium():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip("there is no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def platform(tmp_path_factory):
    folder = tmp_path_factory.mktemp("walks")
    os.chmod(folder, 0o711)
    platform = Platform(folder / "home", LINKAGE_PHASE_SHIFT="auto")
    try:
        platform.start()
        platform.seed("ground")
        yield platform
    finally:
        if platform.process and not platform.has_ended:
            platform.end()


@pytest.fixture(scope="package")
def sessions():
    """Cookies by account."""
    return {}


@pytest.fixture
def meet(platform, chromium, sessions, request, tmp_path_factory):
    """``meet("county")`` opens a browser for that person; ``meet()`` for somebody without an account."""
    met = []

    def arrive(username="", **options):
        met.append(Person(chromium, platform.address, username, known=sessions, **options))
        return met[-1]

    yield arrive
    failed = request.node.stash.get(FAILED, False)
    pictures = []
    for number, person in enumerate(met):
        if failed:
            place = Path(tmp_path_factory.getbasetemp()) / f"{request.node.name}-{number}-{person}.png"
            person.page.screenshot(path=place, full_page=True)
            pictures.append(f"{person.page.url} {place}")
    complaints = [complaint for person in met for complaint in person.complaints]
    for person in met:
        person.context.close()
    if pictures:
        request.node.add_report_section("teardown", "pictures", "\n".join(pictures))
        print("\n".join(pictures))  # noqa: T201 - shown with the failure only
    assert complaints == []
