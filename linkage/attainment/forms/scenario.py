"""The form of 设定情景: exact numbers as people write them, for every target of a document at once."""

import re
import unicodedata
from fractions import Fraction

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from linkage.attainment import rules
from linkage.attainment.codes import Rule
from linkage.attainment.documents.figures import FEN_OF_WAN, exact_percent, is_money, name_of
from linkage.attainment.services import scenario
from linkage.attainment.services.scenario import FULL, Change

LONGEST = 30
MOST = 10**9  # of a whole number, or of 10,000 yuan
FINEST = 10_000  # the largest divisor of a fraction
NUMBER = re.compile(r"(-?\d{1,15})(?:\.(\d{1,6}))?(%)?")
FRACTION = re.compile(r"(\d{1,9})/(\d{1,9})")
BETWEEN = re.compile(r"(\d{1,9})[-—–~至到](\d{1,9})")
SHARES = (Rule.COVER, Rule.MILESTONE, Rule.RATIO, Rule.CAP, Rule.RULE)
TO_THE_BOUND = ("补足", "补到要求", "full")


def exact(text):
    """``90%``, ``1/3``, ``10/100``, ``0.9`` and ``5`` as fractions, whatever the width of the characters."""
    bare = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if found := FRACTION.fullmatch(bare):
        if not int(found[2]):
            raise ValidationError(_("Nothing can be divided by 0."))
        number = Fraction(int(found[1]), int(found[2]))
    elif found := NUMBER.fullmatch(bare):
        number = Fraction(bare.rstrip("%")) / (100 if found[3] else 1)
    else:
        raise ValidationError(_("Write it as 90%, 1/3, 10/100 or 5."))
    if number.denominator > FINEST or abs(number) > MOST:
        raise ValidationError(_("This number is too fine or too large."))
    return number


class ScenarioForm(forms.Form):
    """``changes`` and ``words`` once it is valid. Fields: ``word.WORD``, ``CODE.bound``, ``.share``,
    ``.lift`` and ``.add``; of a target only those that mean something for its rule."""

    def __init__(self, query, *, targets, lines):
        """``lines``: ``{target code: line of today}``, for what stands there and what can be reached."""
        super().__init__(query)
        self.targets, self.lines = {target.code: target for target in targets}, lines
        self.changes, self.words = {}, {}
        for word in self.open_words:
            self._add(f"word.{word}", lazy("“%(word)s” read as at least") % {"word": word}, "90%")
        for target in targets:
            code = target.code
            if scenario.takes_bound(target):
                self._add(f"{code}.bound", _bound_label(target), self._bound_example(target))
            if scenario.takes_share(target):
                self._add(f"{code}.share", lazy("share of the units that must pass"), "100%")
            if scenario.takes_lift(target):
                self._add(
                    f"{code}.lift",
                    _lift_label(target),
                    "0",
                    _("A whole number, or the word for “in full”; never beyond the demand."),
                )
            self._add(f"{code}.add", _add_label(target), "0")

    def _add(self, name, label, example, help_text=""):
        attrs = {"placeholder": example, "autocomplete": "off", "class": "form-control"}
        self.fields[name] = forms.CharField(
            label=label,
            help_text=help_text,
            required=False,
            max_length=LONGEST,
            widget=forms.TextInput(attrs=attrs),
        )

    def _bound_example(self, target):
        """The demand as it stands, as one would type it."""
        given = self.lines[target.code].reading.threshold
        if given.high is not None:
            return f"{given.value}-{given.high}"
        return exact_percent(given.value) if _is_share(target) else _typed(target, given.value)

    @property
    def open_words(self):
        """Coverage words that decide some target of the document, each once."""
        words = [target.term for target in self.targets.values() if target.term and target.threshold is None]
        return list(dict.fromkeys(words))

    @property
    def names(self):
        return list(self.fields)

    def of_words(self):
        return [self[name] for name in self.fields if name.startswith("word.")]

    def of_target(self, code):
        return [self[name] for name in self.fields if name.split(".")[0] == code]

    def kept(self, code):
        """``[(name, text)]`` of what is set for other targets than this one, to be carried along."""
        shown = {field.name for field in [*self.of_words(), *self.of_target(code)]}
        return [(name, self.data[name]) for name in self.fields if name not in shown and self.data.get(name)]

    def clean(self):
        cleaned = super().clean()
        for word in self.open_words:
            value = self._read(f"word.{word}", _share)
            if value is not None:
                self.words[word] = value
        for target in self.targets.values():
            change = self._change(target)
            if change:
                self.changes[target.code] = change
        return cleaned

    def _change(self, target):
        code = target.code
        bound = self._read(f"{code}.bound", lambda text: _bound(target, text))
        share = self._read(f"{code}.share", _share)
        lift = self._read(f"{code}.lift", lambda text: _lift(target, text))
        add = self._read(f"{code}.add", lambda text: self._addition(target, text))
        return Change(bound, share, lift, add or 0)

    def _read(self, name, parse):
        text = (self.cleaned_data.get(name) or "").strip()
        if not text:
            return None
        try:
            return parse(text)
        except ValidationError as problem:
            self.add_error(name, problem)
            return None

    def _addition(self, target, text):
        number = _count(target, text)
        line = self.lines.get(target.code)
        if line is None:
            return number
        figures = line.reading.figures
        most = scenario.most_to_add(target, figures)
        if most is not None and number > most:
            raise ValidationError(_("Only %(n)s units do not pass.") % {"n": f"{most:,}"})
        if number < scenario.least_to_add(figures, target):
            raise ValidationError(_("The figure would fall below zero."))
        return number


# Labels


def _bound_label(target):
    if target.rule == Rule.RANGE:
        return lazy("demand: from — to")
    if target.at_most:
        return lazy("demand: at most")
    return lazy("demand: at least")


def _is_share(target):
    return target.rule in SHARES or bool(target.per and target.rule == Rule.EACH)


def _typed(target, number):
    number = number / FEN_OF_WAN if is_money(target.metric) else number
    return str(number)


def _unit(target):
    return lazy("10,000 yuan") if is_money(target.metric) else ""


def _lift_label(target):
    said = (
        lazy("every unit above its limit goes down by")
        if target.is_cap
        else lazy("every unit below its bound goes up by")
    )
    return _with_unit(said, target)


def _add_label(target):
    if rules.lists_units(target):
        return lazy("so many more units pass")
    return _with_unit(
        lazy("“%(measure)s” of the whole place grows by") % {"measure": name_of(target.metric)}, target
    )


def _with_unit(said, target):
    unit = _unit(target)
    return f"{said}（{unit}）" if unit else said


# Reading


def _share(text):
    number = exact(text)
    if not 0 < number <= 1:
        raise ValidationError(_("A share of all units: above 0 and at most 1."))
    return number


def _bound(target, text):
    if target.rule == Rule.RANGE:
        found = BETWEEN.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
        if not found:
            raise ValidationError(_("Write it as 3-5."))
        low, high = Fraction(found[1]), Fraction(found[2])
        if low > high:
            raise ValidationError(_("The lower bound lies above the upper one."))
        return low, high
    if _is_share(target):
        number = exact(text)
        if not 0 <= number <= 1:
            raise ValidationError(_("A share: from 0 to 100%."))
        return number
    number = exact(text)
    if number < 0:
        raise ValidationError(_("A demand is not below zero."))
    return number * FEN_OF_WAN if is_money(target.metric) else number


def _lift(target, text):
    if text in TO_THE_BOUND:
        return FULL
    number = _count(target, text)
    if number < 0:
        raise ValidationError(_("Write a whole number from 0 on, or the word for “in full”."))
    return number


def _count(target, text):
    """A whole number; of money, in 10,000 yuan to the fen."""
    number = exact(text)
    if is_money(target.metric):
        number *= FEN_OF_WAN
    if number.denominator != 1:
        raise ValidationError(_("Write a whole number."))
    return int(number)
