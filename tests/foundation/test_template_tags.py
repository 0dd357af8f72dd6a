"""What templates may say, and that every icon they name exists."""

import datetime
import re
from decimal import Decimal

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation

from linkage.foundation.templatetags import linkage_tags

WRITTEN = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def render(source, **context):
    return Template("{% load linkage_tags %}" + source).render(Context(context))


class Paper(forms.Form):
    title = forms.CharField(label="Title", max_length=5, help_text="Short.")
    ways = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)


def test_an_icon_is_drawn_inline_and_hidden_from_screen_readers():
    drawn = render('{% icon "pencil" %}')
    assert drawn.startswith("<svg") and "<path" in drawn and 'aria-hidden="true"' in drawn


def test_a_labelled_icon_speaks():
    assert 'aria-label="a &lt;b"' in render('{% icon "pencil" 16 label=words %}', words="a <b")


@pytest.mark.parametrize("name", ["no-such-icon", "../outline/pencil", ""])
def test_an_unknown_icon_is_an_error_for_the_developer_and_nothing_for_the_reader(name):
    assert render("{% icon name %}", name=name) == ""
    with override_settings(DEBUG=True), pytest.raises(TemplateSyntaxError):
        render("{% icon name %}", name=name)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix())
def test_every_icon_a_template_names_exists(path):
    for name in re.findall(r'{%\s*icon "([^"]+)"', path.read_text()):
        assert linkage_tags._strokes(name), name
    for name in re.findall(r'(?:symbol|label_icon|note_icon)(?:=|\|default:)"([^"]+)"', path.read_text()):
        assert linkage_tags._strokes(name), name


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix())
def test_no_template_carries_a_script_of_its_own(path):
    written = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<[^>]*\son[a-z]+=|javascript:", written)


@pytest.mark.parametrize(
    ("amount", "yuan", "wan"),
    [
        (Decimal("1234.5"), "1,234.50", "0.12"),
        (45000, "45,000.00", "4.50"),
        ("8124000", "8,124,000.00", "812.40"),
        (0, "0.00", "0.00"),
        (None, "—", "—"),
        ("", "—", "—"),
        ("NaN", "—", "—"),
    ],
)
def test_money_is_separated_by_thousands_with_two_decimals(amount, yuan, wan):
    assert render("{{ amount|money }} {{ amount|wan }}", amount=amount) == f"{yuan} {wan}"


def test_days_and_moments_are_those_of_the_office_clock():
    late = datetime.datetime(2016, 9, 19, 18, 5, tzinfo=datetime.UTC)
    shown = render("{{ at|day }} {{ at|short_day }} {{ at|moment }}", at=late)
    assert shown == "2016-09-20 09-20 09-20 02:05"
    assert render("{{ at|day }}", at=datetime.date(2016, 9, 20)) == "2016-09-20"
    assert render("{{ at|day }} {{ at|moment }}", at=None) == "— —"


@pytest.mark.parametrize("status", linkage_tags.STATUSES)
def test_a_status_is_icon_word_and_colour_together(status):
    shown = render("{% status status %}", status=status)
    word = str(linkage_tags.STATUSES[status][1])
    assert "<svg" in shown and word in shown and f"lk-status-{status}" in shown


@pytest.mark.parametrize(
    ("value", "limit", "percent", "full"),
    [(143, 200, "71.50", False), (200, 200, "100.00", True), (0, 0, "0", False), (9, 4, "100", True)],
)
def test_a_bar_is_never_longer_than_its_track(value, limit, percent, full):
    shown = render("{% bar value limit %}", value=value, limit=limit)
    assert f'width="{percent}' in shown and ("is-full" in shown) is full


def test_a_wrong_field_is_announced_and_counted():
    form = Paper({"title": "𠮷𠮷𠮷𠮷𠮷𠮷"})
    shown = render_to_string("_field.html", {"field": form["title"]})
    assert 'aria-invalid="true"' in shown and 'id="id_title_error"' in shown
    assert 'aria-describedby="id_title_helptext id_title_error"' in shown
    assert "<span data-n>6</span>" in shown
    assert "<legend" in render_to_string("_field.html", {"field": form["ways"]})


def test_the_summary_of_errors_links_to_each_field():
    shown = render_to_string("_errors.html", {"form": Paper({})})
    assert "2 things to correct" in shown and 'href="#id_title"' in shown and 'href="#id_ways"' in shown


@pytest.mark.parametrize("page", ["500.html", "503.html"])
def test_pages_for_a_broken_house_need_nothing(page, settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    assert "<h1>" in render_to_string(page)
