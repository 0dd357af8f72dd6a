"""Fields that take what people type: amounts with commas and wide digits, texts with any line ends."""

import re
import unicodedata
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST = Decimal("99999999.99")


class MoneyInput(forms.TextInput):
    """Thousands are separated for the eye; what is typed wrong is shown as typed."""

    def format_value(self, value):
        if isinstance(value, Decimal):
            return f"{value:,.2f}"
        return super().format_value(value)


class MoneyField(forms.CharField):
    """Yuan: 45000, 45,000.00, ４５０００, 45 000 元."""

    widget = MoneyInput

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, **kwargs})
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "maxlength": 30}

    def to_python(self, value):
        if isinstance(value, Decimal):
            return value
        typed = unicodedata.normalize("NFKC", super().to_python(value) or "")
        typed = re.sub(r"[\s,¥]|元\Z", "", typed)
        if not typed:
            return None
        if typed.startswith("-") and re.fullmatch(r"-\d+(\.\d*)?", typed, re.ASCII):
            raise ValidationError(_("An amount cannot be negative."), code="negative")
        if not re.fullmatch(r"\d{1,20}(\.\d*)?|\.\d+", typed, re.ASCII):
            raise ValidationError(_("Enter an amount in yuan, such as 45000 or 45,000.00."), code="amount")
        whole, _dot, cents = typed.partition(".")
        if len(cents) > 2:
            raise ValidationError(_("At most two decimals: yuan and fen."), code="decimals")
        amount = Decimal(f"{whole or 0}.{cents or 0}").quantize(Decimal("0.01"))
        if amount > LARGEST:
            raise ValidationError(
                _("At most %(limit)s yuan."), code="large", params={"limit": f"{LARGEST:,}"}
            )
        return amount

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class LinesField(forms.CharField):
    """A text of several lines; a line end counts as one character, as the counter on the page says."""

    widget = forms.Textarea

    def __init__(self, *, rows=3, placeholder="", **kwargs):
        long = _("At most %(limit_value)d characters; these are %(show_value)d.")
        super().__init__(**{"required": False, "error_messages": {"max_length": long}, **kwargs})
        self.widget.attrs |= {"rows": rows, "placeholder": placeholder}
        self.widget.attrs.pop("maxlength", None)  # the browser counts differently and would cut in silence

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        return super().to_python(value)
