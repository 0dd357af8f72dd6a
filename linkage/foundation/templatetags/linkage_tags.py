"""What templates may say: icons, money, days, the status of a project, a bar of something used up."""

import datetime
import logging
import re
from decimal import Decimal, InvalidOperation
from functools import cache

from django import template
from django.conf import settings
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from linkage.foundation import idempotency
from linkage.foundation import money as amounts

register = template.Library()
log = logging.getLogger(__name__)

ICONS = settings.BASE_DIR / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
NOTHING = "—"
CENT = Decimal("0.01")

# status → icon, word; the colour is the class lk-status-<status>
STATUSES = {
    "draft": ("pencil", _("Draft")),
    "in_review": ("file-search", _("In review")),
    "returned": ("arrow-back-up", _("Returned for changes")),
    "approved": ("circle-check", _("Approved")),
    "rejected": ("circle-x", _("Rejected")),
    "withdrawn": ("rotate-2", _("Withdrawn")),
    "running": ("player-play", _("Under way")),
    "closed": ("flag-check", _("Closed")),
    "terminated": ("ban", _("Terminated")),
}


@cache
def _strokes(name):
    """The drawing inside an icon file, without its frame; None when there is no such icon."""
    file = ICONS / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not file.is_file():
        return None
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(), re.DOTALL).group(1)
    paths = re.findall(r"<(?!path stroke=\"none\")[^>]+>", drawing)
    return mark_safe("".join(path.strip() for path in paths))  # noqa: S308 (our own files)


@register.simple_tag
def once():
    """The hidden key of a form: sent twice, it has one effect (``idempotency.once_per_form``)."""
    return format_html('<input type="hidden" name="{}" value="{}">', idempotency.FIELD, idempotency.token())


@register.simple_tag
def icon(name, size=18, label=""):
    """One Tabler icon, drawn inline so that it prints; hidden from screen readers unless labelled."""
    strokes = _strokes(name)
    if strokes is None:
        if settings.DEBUG:
            raise template.TemplateSyntaxError(f"There is no icon named {name!r}.")
        log.warning("There is no icon named %r.", name)
        return ""
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="lk-icon" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        size,
        size,
        meaning,
        strokes,
    )


def _decimal(amount):
    try:
        number = Decimal(str(amount))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@register.filter
def money(amount):
    """1234.5 → 1,234.50"""
    number = _decimal(amount)
    return NOTHING if number is None else amounts.yuan(number)


@register.filter
def wan(amount):
    """Yuan in units of ten thousand: 45000 → 4.50"""
    number = _decimal(amount)
    return NOTHING if number is None else amounts.wan(number)


@register.filter
def count(number):
    """12806 → 12,806"""
    return NOTHING if number is None else f"{number:,}"


@register.filter
def up_to(number, most):
    """12 → 12, but 999+ where counting stopped behind 999."""
    return f"{most:,}+" if number > most else count(number)


def _local(moment):
    if isinstance(moment, datetime.datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


@register.filter
def day(moment):
    """2016-09-20"""
    return _local(moment).strftime("%Y-%m-%d") if moment else NOTHING


@register.filter
def short_day(moment):
    """09-20"""
    return _local(moment).strftime("%m-%d") if moment else NOTHING


@register.filter
def moment(value):
    """09-20 14:32"""
    return _local(value).strftime("%m-%d %H:%M") if value else NOTHING


@register.filter
def exactly(value):
    """2016-09-20 14:32"""
    return _local(value).strftime("%Y-%m-%d %H:%M") if value else NOTHING


@register.inclusion_tag("_status.html")
def status(status):
    """Icon, word and colour of a project's status, always the three together."""
    symbol, word = STATUSES[str(status)]
    return {"status": status, "icon": symbol, "word": word}


@register.inclusion_tag("_bar.html")
def bar(value, limit, label="", unit="", note=""):
    """How much of a limit is used up, as figures and as a bar."""
    share = Decimal(value) / Decimal(limit) if limit else Decimal(0)
    return {
        "value": value,
        "limit": limit,
        "label": label,
        "unit": unit,
        "note": note,
        "percent": min(share * 100, Decimal(100)).quantize(CENT),
        "full": bool(limit) and value >= limit,
    }


@register.filter
def is_choice_group(field):
    """Is this field a set of ticks or dots, to be framed as a group with a legend?"""
    return isinstance(field.field.widget, (RadioSelect, CheckboxSelectMultiple))


@register.filter
def is_tick(field):
    """Is this field one box to tick, whose label stands beside it?"""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def typed(field):
    """How many characters a field holds now, counted as the reader counts them."""
    return len(str(field.value() or "").replace("\r\n", "\n"))


@register.filter
def wrong_fields(form):
    """The fields of a form that have errors, in the order of the form."""
    return [field for field in form if field.errors]
