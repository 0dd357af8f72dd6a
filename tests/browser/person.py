"""Somebody at a browser: goes to pages, fills, presses, and notices what is wrong with any page."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.stack.gansu import PASSWORD

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
WAIT = 30_000
expect.set_options(timeout=WAIT)
# A page that refuses what was typed is answered with these; Chromium logs that as an error.
ANSWERS = re.compile(r"Failed to load resource: .*status of (401|403|409|422|429)")
WIDEST = """() => {
  const page = document.scrollingElement, over = page.scrollWidth - page.clientWidth;
  if (over <= 0) return "";
  const boxed = (box) => box && box !== document.body
    && (getComputedStyle(box).overflowX !== "visible" || boxed(box.parentElement));
  const wide = Array.from(document.body.querySelectorAll("*")).filter((box) =>
    box.getBoundingClientRect().right > page.clientWidth + 1 && !boxed(box.parentElement)).pop();
  return `${over}px: ${wide ? wide.outerHTML.slice(0, 120) : ""}`;
}"""


class Person:
    """``known`` holds the sessions of who signed in before: a password costs a second to check."""

    def __init__(self, browser, address, username="", *, viewport=DESK, scripts=True, known=None):
        self.address, self.username, self.viewport, self.scripts = address, username, viewport, scripts
        self.complaints = []
        self.context = browser.new_context(
            base_url=address,
            viewport=viewport,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(WAIT)
        self.context.on("request", self._see_request)
        self.context.on("response", self._see_response)
        self.context.on("console", self._see_console)
        self.context.on("weberror", lambda error: self._complain(f"script: {error.error}"))
        self.page = self.context.new_page()
        if username:
            self._arrive(known if known is not None else {})

    def __str__(self):
        return self.username or "resident"

    def _complain(self, words):
        self.complaints.append(f"{self}: {words}")

    def _see_request(self, request):
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self._complain(f"asked a stranger: {request.url}")

    def _see_response(self, response):
        if response.status >= 500 or response.status == 404:
            self._complain(f"{response.status} at {response.url}")

    def _see_console(self, message):
        if message.type in ("error", "warning") and not ANSWERS.search(message.text):
            self._complain(f"console at {message.page.url}: {message.text}")

    # moving

    def _arrive(self, known):
        self.context.add_cookies(known.get(self.username, []))
        self.go("/")
        if self.path == "/login/":
            self.give_name()
            known[self.username] = self.context.cookies()

    def give_name(self, password=PASSWORD):
        """Fill in the sign-in page that stands before one."""
        self.page.fill("#id_username", self.username)
        self.page.fill("#id_password", password)
        self.press("main button[type=submit], form[action*='login'] button.lk-door-submit")

    def go(self, path):
        self.page.goto(path)
        self.look()

    def press(self, what):
        """Click what leads to another page, and look at that."""
        target = self.page.locator(what).first if isinstance(what, str) else what
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        self.look()

    def button(self, words):
        return self.page.get_by_role("button", name=words, exact=True)

    def link(self, words):
        return self.page.get_by_role("link", name=words, exact=True)

    def look(self):
        """What holds for every page: a Chinese title, and nothing wider than the window."""
        title, path = self.page.title(), urlsplit(self.page.url).path
        if not re.search("[一-鿿]", title):
            self._complain(f"title of {path}: {title!r}")
        for size in (PHONE, DESK) if self.viewport == DESK else (DESK, PHONE):
            self.page.set_viewport_size(size)
            too_wide = self.page.evaluate(WIDEST) if self.scripts else ""
            if too_wide:
                self._complain(f"{path} at {size['width']} scrolls sideways by {too_wide}")

    # seeing

    def sees(self, words, within="body"):
        expect(self.page.locator(within).first).to_contain_text(words)

    @property
    def path(self):
        return urlsplit(self.page.url).path

    def fill(self, **fields):
        """By the name of the field, dashes written as two underscores."""
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name.replace('__', '-')}']:visible").first
            tag = field.evaluate("box => box.tagName") if self.scripts else ""
            if tag == "SELECT":
                field.select_option(value)
            else:
                field.fill(str(value))
