"""What people do on the pages, told once for all walks."""

from datetime import date, timedelta

from playwright.sync_api import expect

TODAY = date.today()


def ago(days):
    return (TODAY - timedelta(days=days)).isoformat()


def ahead(days):
    return (TODAY + timedelta(days=days)).isoformat()


def upload(clerk, slot, file):
    """Choose a file in its slot; the page keeps it at once."""
    clerk.page.set_input_files(f"input[name='file-{slot}']", file)
    expect(clerk.page.locator(f"#slot-{slot} .lk-files")).to_contain_text(file["name"])


def add_line(clerk, block, **values):
    """One more line of money, as the button under the table gives it."""
    lines = clerk.page.locator(f"#{block}")
    lines.locator("[data-add]").click()
    row = lines.locator("[data-rows] > *").last
    for name, value in values.items():
        field = row.locator(f"[name$='-{name}']")
        if field.evaluate("box => box.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def save(clerk):
    clerk.press(clerk.button("暂存").last)


def open_project(person, title):
    """From the workbench to the project, as anybody with something to do."""
    person.go("/")
    person.press(person.page.locator("a.lk-cell-title", has_text=title).first)


def agree(official, title, *, handler="", **more):
    """处理 the project on the desk: 同意, with an opinion of one's own."""
    open_project(official, title)
    opinion = f"{official.username}：情况属实，同意上报。"
    box = official.page.locator("#decide")
    box.locator("[name=opinion]").fill(opinion)
    if handler and not box.locator("[name=handler]").is_visible():
        box.locator("details.lk-decide-more summary").click()
    for name, value in {"handler": handler, **more}.items():
        if value:
            box.locator(f"[name={name}]").fill(value)
    official.press(box.locator("button[value=approve]"))
    official.sees(opinion, "#paper")
    return opinion


def gaps_named(clerk):
    """The gaps that the page lists after a refused 申报, each with where its link leads."""
    return {
        link.inner_text(): link.get_attribute("href") for link in clerk.page.locator("#summary li a").all()
    }
