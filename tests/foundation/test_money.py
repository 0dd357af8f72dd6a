"""Amounts are written as on a bill, and read back they are the same amount."""

import random
import re
from decimal import Decimal

import pytest

from linkage.foundation.money import LARGEST, capital, wan, yuan

DIGITS = {word: value for value, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(words):
    """An independent reader of 大写, so that the writer is not its own judge."""
    words = words.removeprefix("人民币").removesuffix("整")
    cents = 0
    for unit, worth in (("分", 1), ("角", 10)):
        if found := re.search(f"(.){unit}", words):
            cents += DIGITS[found[1]] * worth
    whole = words.split("元")[0] if "元" in words else ""
    total = section = digit = 0
    for word in whole:
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in UNITS:
            section, digit = section + digit * UNITS[word], 0
        elif word == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return Decimal(total + section + digit) + Decimal(cents) / 100


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "人民币零元整"),
        ("60000", "人民币陆万元整"),
        ("45000", "人民币肆万伍仟元整"),
        ("1005", "人民币壹仟零伍元整"),
        ("0.5", "人民币伍角整"),
        ("0.05", "人民币伍分"),
        ("10", "人民币壹拾元整"),
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("100010000", "人民币壹亿零壹万元整"),
        ("-5", "人民币负伍元整"),
    ],
)
def test_the_examples_of_the_rules_for_bills(amount, words):
    assert capital(Decimal(amount)) == words


def test_every_amount_reads_back_as_itself():
    dice = random.Random(2016)
    amounts = [Decimal(n) for n in range(0, 12_000, 7)]
    amounts += [Decimal(dice.randrange(10 ** dice.randrange(3, 16))) / 100 for _ in range(4000)]
    amounts += [Decimal(10) ** n for n in range(12)] + [Decimal(10) ** n + 1 for n in range(12)] + [LARGEST]
    for amount in amounts:
        words = capital(amount)
        assert read_back(words) == amount, words
        assert not re.search("零零|零[万亿元拾佰仟角分]", words.replace("人民币零元整", "")), words
        assert words.endswith("分") is not words.endswith("整"), words


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("60000", "6.00"), ("45000", "4.50"), ("49", "0.00"), ("50", "0.01"), ("123456789", "12,345.68")],
)
def test_wan_has_two_decimals(amount, shown):
    assert wan(Decimal(amount)) == shown


def test_yuan_is_separated_by_thousands():
    assert yuan(Decimal("68000")) == "68,000.00"
    assert yuan(Decimal("-1234.5")) == "-1,234.50"


def test_an_unknown_amount_is_written_as_nothing():
    assert (yuan(None), wan(None), capital(None)) == ("", "", "")


def test_an_amount_beyond_all_units_is_refused():
    with pytest.raises(ValueError):
        capital(LARGEST + 1)
