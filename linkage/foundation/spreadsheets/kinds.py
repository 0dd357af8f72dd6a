"""The kinds of columns: how each reads a cell, shows a value and offers its choices.

``read(cell)`` gives the value of the model or raises ``ValidationError``; ``show(value)`` gives what stands
in a cell of an export: a text, a number, a day.
"""

import difflib
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.foundation.choices import CodesField
from linkage.foundation.fields import EncryptedTextField
from linkage.foundation.standards import (
    mask_birthday,
    mask_id,
    mask_phone,
    normal_doc_no,
    normalise_phone,
    normalise_uscc,
    validate_doc_no,
    validate_phone,
    validate_uscc,
)

from . import cells

LISTED = 8  # choices named in an error
SCALES = {  # what a heading says of its unit, by the unit of ours
    "元": {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000},
    "平方公里": {"平方公里": 1, "km2": 1, "k㎡": 1, "公顷": Decimal("0.01"), "平方米": Decimal("0.000001")},
    "平方米": {"平方米": 1, "m2": 1, "㎡": 1, "平米": 1, "万平方米": 10_000},
    "%": {"%": 1},
    "小时": {"小时": 1, "时": 1},
}


class Kind:
    width = 14  # characters of its column
    choices = ()
    hint = ""
    lazy = False  # read only after the row of the register is known

    def read(self, cell):
        return cells.text(cell)

    def told(self, cell, date1904=False):
        """What a cell says that is read later, as text."""
        return cells.text(cell)

    def show(self, value):
        return value


class Text(Kind):
    def __init__(self, most=None, lines=False, normal=None):
        self.most, self.lines, self.normal = most, lines, normal
        self.width = 28 if (most or 999) > 60 else 18
        self.hint = gettext_lazy("text, at most %s characters") % most if most else gettext_lazy("text")

    def read(self, cell):
        found = cells.text(cell, lines=self.lines)
        if self.normal and found:
            found = self.normal(found)
        if self.most and len(found) > self.most:
            raise ValidationError(
                _("At most %(limit)s characters; there are %(count)s.")
                % {"limit": self.most, "count": len(found)}
            )
        return found


class Number(Kind):
    width = 12

    def __init__(self, places=0, digits=None, least=None, most=None, unit=""):
        self.places, self.digits, self.least, self.most, self.unit = places, digits, least, most, unit
        self.hint = (
            gettext_lazy("number, with decimals where there are any")
            if places
            else gettext_lazy("whole number; 0 where there is none")
        )

    def read(self, cell, scale=1):
        if not self.places:
            found = cells.whole(cell, scale=scale)
        else:
            found = cells.decimal(cell, scale=scale)
            exact = found.quantize(Decimal(1).scaleb(-self.places))
            if exact != found:
                raise ValidationError(_("At most %s digits after the point.") % self.places)
            found = exact
            if self.unit == "%" and 0 < found < 1:
                raise ValidationError(_("Write 10 for 10%, without the percent format of the cell."))
            if self.digits and found.adjusted() >= self.digits - self.places:
                raise ValidationError(_("This number is too large."))
        if self.least is not None and found < self.least:
            raise ValidationError(_("At least %s.") % self.least)
        if self.most is not None and found > self.most:
            raise ValidationError(_("At most %s.") % self.most)
        return found


class Day(Kind):
    width = 12
    hint = gettext_lazy("date like 2016-06-13")
    date1904 = False

    def read(self, cell):
        return cells.day(cell)


class Moment(Kind):
    width = 17
    hint = gettext_lazy("date and time like 2016-06-13 09:30")

    def read(self, cell):
        return timezone.make_aware(cells.moment(cell))

    def show(self, value):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


class Clock(Kind):
    width = 10
    hint = gettext_lazy("time like 09:30")

    def read(self, cell):
        return cells.clock(cell)

    def show(self, value):
        return value.strftime("%H:%M")


class Yes(Kind):
    width = 10

    @property
    def choices(self):
        return [_("yes"), _("no")]

    def read(self, cell):
        return cells.yes(cell)

    def show(self, value):
        return _("yes") if value else _("no")


class Code(Kind):
    """One code of a list, by its label; the part before or within brackets will do where that says it."""

    synonyms = {}  # other words for a code, as offices write them

    def __init__(self, codes):
        self.codes = {code: str(label) for code, label in codes if code not in ("", None)}
        self.width = max([14, *(min(2 * len(label) + 2, 30) for label in self.codes.values())])
        self.hint = gettext_lazy("one of the list")

    @property
    def choices(self):
        return list(self.codes.values())

    def known(self):
        found = vars(self).get("_known")
        if found is None:
            found, doubtful = {}, set()
            for code, label in self.codes.items():
                whole = cells.folded(label)
                names = {whole, *whole.rstrip(")").split("(")} - {""}
                for name in names:
                    if name in found and found[name] != code:
                        doubtful.add(name)
                    found.setdefault(name, code)
            for code, label in self.codes.items():
                found[cells.folded(label)] = code
            found |= {cells.folded(word): code for word, code in self.synonyms.items()}
            for name in doubtful - {cells.folded(label) for label in self.codes.values()}:
                del found[name]
            self._known = found
        return found

    def read(self, cell):
        text = cells.plain(cell)
        code = self.known().get(text) or self.known().get(cells.folded(text))
        if code is None:
            raise ValidationError(self.wrong(text))
        return code

    def wrong(self, text):
        near = difflib.get_close_matches(text, self.choices, 1, 0.5)
        if near:
            return _("“%(text)s” is not in the list; perhaps “%(near)s” is meant.") % {
                "text": text[:30],
                "near": near[0],
            }
        listed = "、".join(self.choices[:LISTED]) + ("……" if len(self.choices) > LISTED else "")
        return _("“%(text)s” is not in the list: %(listed)s") % {"text": text[:30], "listed": listed}

    def show(self, value):
        return self.codes.get(value, str(value))


class Codes(Code):
    """Several codes of a list, with 、 between them."""

    def __init__(self, codes):
        super().__init__(codes)
        self.width = 24
        self.hint = gettext_lazy("of the list, several with 、 between them")

    def read(self, cell):
        text = cells.plain(cell)
        told = [part for part in _split(text) if part]
        found = {self.known().get(cells.folded(part)): part for part in told}
        if None in found:
            raise ValidationError(self.wrong(found[None]))
        return [code for code in self.codes if code in found]

    def show(self, values):
        return "、".join(self.codes.get(value, str(value)) for value in values)


def _split(text):
    for sign in "，,;；\n/／":
        text = text.replace(sign, "、")
    return [part.strip() for part in text.split("、")]


class Sealed(Kind):
    """A personal value: shown masked; what is masked in a cell means what is kept."""

    lazy = True
    width = 20

    def __init__(self, field, mask, most=None):
        self.field, self.mask, self.most = field, mask, most
        if mask is mask_phone:
            self.hint = gettext_lazy("mobile number, or a telephone with its area code")
        elif mask is mask_id:
            self.hint = gettext_lazy("cell of the format “text”; never shown in full")

    def read(self, cell):
        found = cells.text(cell)
        if "*" in found:
            raise ValidationError(_("The number is masked; type it in full or leave the cell empty."))
        if self.mask is mask_phone:
            validate_phone(found)
            found = normalise_phone(found)
        return found

    def show(self, value):
        return self.mask(str(value))

    def opened(self, value):
        """What an export in full says."""
        return str(value)


class SealedDay(Sealed):
    """A day of birth: only its year is shown."""

    width = 12
    hint = gettext_lazy("date like 2016-06-13; only the year is shown")

    def told(self, cell, date1904=False):
        text = cells.text(cell)
        return text if "*" in text else cells.day(cell, date1904=date1904).isoformat()

    def read(self, cell):
        if "*" in cells.text(cell):
            raise ValidationError(_("The day is masked; type it in full or leave the cell empty."))
        return cells.day(cell)

    def opened(self, value):
        return value


class Place(Kind):
    lazy = True
    width = 26
    hint = gettext_lazy(
        "name of the place, with the street before it where the name occurs twice; or its code"
    )

    def __init__(self, level=None, kept=False):
        self.level, self.kept = level, kept  # kept: where the row lies, so only where one may write


class Ref(Kind):
    """A row of another register, by what it is known by."""

    lazy = True
    width = 26

    def __init__(self, model, known_by, kept=False):
        self.model, self.known_by, self.kept = model, known_by, kept
        names = "、".join(str(model._meta.get_field(name).verbose_name) for name in known_by)
        self.hint = gettext_lazy("an entry of “%(register)s”: %(known)s") % {
            "register": model._meta.verbose_name_plural,
            "known": names,
        }


NORMAL = {validate_uscc: normalise_uscc, validate_doc_no: normal_doc_no}


def of(field, model):
    """The kind of a column of a model, or None where a table cannot say it."""
    if isinstance(field, EncryptedTextField):
        return Sealed(field, model.sealed[field.name]) if field.name in model.sealed else None
    if model.sealed.get(field.name) is mask_birthday:
        return SealedDay(field, mask_birthday)
    if isinstance(field, CodesField):
        return Codes(field.codes.items())
    if field.choices:
        return Code(field.flatchoices)
    if isinstance(field, models.BooleanField):
        return Yes()
    if isinstance(field, models.DecimalField):
        return Number(field.decimal_places, field.max_digits, unit=unit_of(field.verbose_name))
    if isinstance(field, models.PositiveSmallIntegerField):
        return Number(least=0, most=32_767)
    if isinstance(field, models.PositiveIntegerField):
        return Number(least=0, most=2**31 - 1)
    if isinstance(field, models.DateTimeField):
        return Moment()
    if isinstance(field, models.DateField):
        return Day()
    if isinstance(field, models.TimeField):
        return Clock()
    if isinstance(field, models.TextField):
        return Text(field.max_length, lines=True)
    if isinstance(field, models.CharField):
        normal = next(
            (NORMAL[one] for one in field.validators if getattr(one, "__name__", "") and one in NORMAL), None
        )
        return Text(field.max_length, normal=normal)
    return None


def unit_of(label):
    """The unit in the brackets of a label: 金额（元）."""
    label = str(label).replace("(", "（").replace(")", "）")
    unit = label.rpartition("（")[2].removesuffix("）") if label.endswith("）") else ""
    return unit if unit in SCALES else ""
