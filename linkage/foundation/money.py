"""Amounts of money as officials write them: yuan, 万元 and the capitals of a cheque."""

from decimal import ROUND_HALF_UP, Decimal

import cn2an

CENT = Decimal("0.01")
WAN = 10_000
LARGEST = Decimal("9999999999999.99")  # capitals know no unit above 万亿


def _cents(amount):
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def yuan(amount):
    """68000 → ``68,000.00``; nothing for an amount that is not known."""
    return "" if amount is None else f"{_cents(amount):,}"


def wan(amount):
    """60000 → ``6.00``, the figure that goes before 万元."""
    return "" if amount is None else f"{_cents(Decimal(amount) / WAN):,}"


def capital(amount):
    """60000 → ``人民币陆万元整``, by the rules for bills: 整 after 元 and 角, never after 分."""
    if amount is None:
        return ""
    amount = _cents(amount)
    if abs(amount) > LARGEST:
        raise ValueError(f"{amount} is too large to be written in capitals")
    words = cn2an.an2cn(f"{abs(amount):f}", "rmb")
    if words.endswith("角"):
        words += "整"
    return f"人民币{'负' if amount < 0 else ''}{words}"
