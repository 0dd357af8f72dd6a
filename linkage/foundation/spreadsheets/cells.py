"""What a cell says: texts cleaned, numbers, days and codes read as people write them, or refused.

A cell is as ``child.py`` tells it. Whatever cannot be read for sure is refused with what to do about it;
nothing is rounded, cut or guessed.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linkage.foundation.standards import GAPS

EDGES = re.compile(f"^[{GAPS}]+|[{GAPS}]+$")
NOTHING = {"-", "—", "——", "－", "/", "／", "\\", "无", "N/A", "n/a"}
CLEAR = {"清空", "（清空）", "(清空)"}
FORMULA = re.compile(r"^'*[\s\u3000]*[=+\-@＝＋－＠\t\r\n]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
ROUNDED_TEXT = re.compile(r"^[0-9]\.[0-9]+[Ee]\+?[0-9]{2,}$")
DIGITS = 15  # a spreadsheet keeps so many of a number
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
DAY = re.compile(r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?号?$")
MONTH = re.compile(r"^([0-9]{4})[-/.年]([0-9]{1,2})月?$")
PACKED = re.compile(r"^(19|20)[0-9]{6}$")
YEAR = re.compile(r"^(19|20)[0-9]{2}年?$")
TIME = re.compile(r"^([0-9]{1,2})[:：时]([0-9]{1,2})分?(?:[:：]([0-9]{1,2}))?$")
YES = {"是", "有", "√", "✓", "✔", "y", "yes", "true", "1", "对", "已", "☑"}
NO = {"否", "无", "没有", "×", "✗", "x", "n", "no", "false", "0", "未", "☐", "不是", "-", "—"}


class Cleared:
    """“清空”: what stands in the register is to be taken away."""


CLEARED = Cleared()


def guarded(text):
    """A text for a spreadsheet: one that could be taken for a formula gets a quote before it."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text):
    return text[1:] if text[:1] == "'" and FORMULA.match(text) else text


def plain(cell):
    """The text of a cell, blanks at its edges gone; None where it is empty."""
    if cell is None:
        return None
    if isinstance(cell, str):
        if cell.isalnum() and unicodedata.is_normalized("NFC", cell):
            return cell
        text = unguarded(cell)
        if text.isascii():
            text = text.strip()
        else:
            text = EDGES.sub("", unicodedata.normalize("NFC", text))
        return text or None
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, (int, float)):
        return number_text(cell)
    kind, value = cell
    if kind == "e":
        raise ValidationError(_("The cell holds the error %s; put a value there.") % value)
    if kind == "f":
        raise ValidationError(_("The cell holds a formula without a result; paste it as a value."))
    return value.replace("T", " ").removesuffix(" 00:00:00")


def number_text(number):
    if abs(number) >= 10**DIGITS:
        raise ValidationError(
            _("A spreadsheet has rounded this number. Type it again into a cell of the format “text”.")
        )
    text = f"{number:.15g}" if isinstance(number, float) else str(number)
    return f"{Decimal(text):f}" if "e" in text else text


def is_blank(cell):
    if cell is None:
        return True
    return isinstance(cell, str) and (not cell or EDGES.sub("", cell) in ("", *NOTHING))


def text(cell, *, lines=False):
    """A text of one line, or of several; control characters are refused."""
    found = plain(cell)
    if found is None:
        return ""
    if found is cell and found.isalnum():
        return found
    if CONTROL.search(found):
        raise ValidationError(_("The cell holds characters that cannot be stored."))
    if ROUNDED_TEXT.match(found):
        raise ValidationError(
            _("A spreadsheet has rounded this number. Type it again into a cell of the format “text”.")
        )
    if not lines and ("\n" in found or "\r" in found):
        found = " ".join(part.strip() for part in found.splitlines() if part.strip())
    return found


def half(found):
    """Full-width digits and signs made half, all blanks gone."""
    return "".join(unicodedata.normalize("NFKC", found).split())


def decimal(cell, *, scale=1):
    """A number, exact: what a spreadsheet shows of it by 15 digits."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        found = Decimal(number_text(cell))
    else:
        raw = plain(cell)
        told = half(raw).replace(",", "").replace("，", "").lstrip("¥￥")
        told = re.sub(r"(人|户|个|名|家|元|次|岁|间|处|小时|平方米|㎡|m2|%)$", "", told)
        try:
            found = Decimal(told)
        except InvalidOperation:
            raise ValidationError(_("“%s” is no number.") % raw[:30]) from None
        if not found.is_finite() or "e" in told.lower():
            raise ValidationError(_("“%s” is no number.") % raw[:30])
    return found * scale


def whole(cell, *, scale=1):
    found = decimal(cell, scale=scale)
    if found != found.to_integral_value():
        raise ValidationError(_("A whole number is needed, this is %s.") % f"{found:f}"[:30])
    return int(found)


def day(cell, *, date1904=False):
    """A day; 2016.6 is the first of that month, a bare year is refused."""
    if isinstance(cell, list) and cell[0] == "d":
        return datetime.fromisoformat(cell[1]).date()
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _day_of_number(cell, date1904)
    raw = plain(cell)
    told = half(raw).rstrip(".").replace("。", ".")
    told = re.sub(r"(?<=[0-9日])[T]?00:00(:00)?$", "", told)
    if found := DAY.match(told):
        return _made(raw, *map(int, found.groups()))
    if found := MONTH.match(told):
        return _made(raw, *map(int, found.groups()), 1)
    if PACKED.match(told):
        return _made(raw, int(told[:4]), int(told[4:6]), int(told[6:]))
    if YEAR.match(told):
        raise ValidationError(_("“%s” is a year only; add month and day.") % raw[:30])
    raise ValidationError(_("“%s” is no date; write it like 2016-06-13.") % raw[:30])


def _made(raw, year, month, number):
    if not 1 <= month <= 12:
        raise ValidationError(_("“%s” is no date, months are 01 to 12.") % raw[:30])
    try:
        found = date(year, month, number)
    except ValueError:
        raise ValidationError(_("“%s” is no date, that month has no such day.") % raw[:30]) from None
    if not 1900 <= year <= 2200:
        raise ValidationError(_("“%s” is no date; write it like 2016-06-13.") % raw[:30])
    return found


def _day_of_number(number, date1904):
    told = number_text(number)
    if PACKED.match(told):
        return _made(told, int(told[:4]), int(told[4:6]), int(told[6:]))
    if isinstance(number, float) and 1900 <= number < 2200:  # typed as 2016.6
        year, _dot, month = told.partition(".")
        if month in ("1",):
            raise ValidationError(
                _("%(told)s may be January or October: a spreadsheet drops the last 0. Write %(year)s-01.")
                % {"told": told, "year": year}
            )
        if len(month) <= 2:
            return _made(told, int(year), int(month), 1)
        raise ValidationError(_("“%s” is no date; write it like 2016-06-13.") % told)
    if 1900 <= number < 2200:
        raise ValidationError(_("“%s” is a year only; add month and day.") % told)
    if 60 < number < 110_000:
        return ((EPOCH_1904 if date1904 else EPOCH) + timedelta(days=int(number))).date()
    raise ValidationError(_("“%s” is no date; write it like 2016-06-13.") % told)


def moment(cell, *, date1904=False):
    """A day with a time, not yet of a zone."""
    if isinstance(cell, list) and cell[0] == "d":
        return datetime.fromisoformat(cell[1])
    if isinstance(cell, float) and 20_000 < cell < 110_000:
        found = (EPOCH_1904 if date1904 else EPOCH) + timedelta(days=cell)
        return (found + timedelta(seconds=30)).replace(second=0, microsecond=0)
    raw = plain(cell)
    first, _blank, second = unicodedata.normalize("NFKC", raw).replace("T", " ").partition(" ")
    if not second:
        raise ValidationError(_("“%s” has no time; write it like 2016-06-13 09:30.") % raw[:30])
    return datetime.combine(day(first), clock(second))


def clock(cell):
    if isinstance(cell, list) and cell[0] in "td":
        told = cell[1].partition("T")[2] or cell[1]
        return time.fromisoformat(told)
    if isinstance(cell, float) and 0 <= cell < 1:
        return (datetime.min + timedelta(minutes=round(cell * 1440))).time()
    raw = plain(cell)
    found = TIME.match(half(raw))
    try:
        return time(*(int(part) for part in found.groups() if part))
    except (ValueError, AttributeError):
        raise ValidationError(_("“%s” is no time; write it like 09:30.") % raw[:30]) from None


def yes(cell):
    if isinstance(cell, bool):
        return cell
    told = half(plain(cell)).lower()
    if told in YES:
        return True
    if told in NO:
        return False
    raise ValidationError(_("Write %(yes)s or %(no)s.") % {"yes": _("yes"), "no": _("no")})


def folded(label):
    """A label as it is compared: half width, no blanks, brackets alike, letters small."""
    return half(str(label)).lower().replace("[", "(").replace("]", ")").replace("【", "(").replace("】", ")")
