"""Honest but nasty cells, made at random: read rightly, or refused with the reason; never something else."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, example, given
from hypothesis import settings as quiet
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from linkage.foundation.spreadsheets import cells, gate, kinds, writing

few = quiet(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
many = quiet(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
FULL = str.maketrans("0123456789", "０１２３４５６７８９")
DAYS = st.dates(date(1900, 3, 1), date(2100, 12, 31))
BLANKS = st.sampled_from(["", " ", "\u3000", "\t", "\u200b", "\ufeff"])
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    max_size=40,
)


def written(day, how):
    return {
        "iso": f"{day:%Y-%m-%d}",
        "slash": f"{day.year}/{day.month}/{day.day}",
        "dots": f"{day.year}.{day.month}.{day.day}",
        "words": f"{day.year}年{day.month}月{day.day}日",
        "full": f"{day.year}年{day.month}月{day.day}日".translate(FULL),
        "packed": f"{day:%Y%m%d}",
        "serial": (day - date(1899, 12, 30)).days,
        "cell": ["d", day.isoformat()],
        "midnight": ["d", datetime(day.year, day.month, day.day).isoformat()],
        "number": int(f"{day:%Y%m%d}"),
    }[how]


WAYS = ["iso", "slash", "dots", "words", "full", "packed", "serial", "cell", "midnight", "number"]


@few
@given(DAYS, st.sampled_from(WAYS), BLANKS, BLANKS)
def test_a_day_is_read_as_that_day_however_it_is_written(day, how, before, after):
    cell = written(day, how)
    if isinstance(cell, str):
        cell = before + cell + after
    serial = (day - date(1899, 12, 30)).days
    if (how == "serial" and 1900 <= serial < 2200) or (
        how in ("packed", "number") and not 1900 <= day.year < 2100
    ):  # looks like a year: refused, never guessed
        with pytest.raises(ValidationError):
            cells.day(cell)
    else:
        assert cells.day(cell) == day


@few
@given(st.integers(10**15, 10**19))
def test_a_number_that_a_spreadsheet_has_rounded_is_refused(number):
    for cell in (float(number), f"{float(number):.5E}"):
        with pytest.raises(ValidationError):
            cells.text(cell)


@few
@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["", "元", ","]), st.booleans())
def test_an_amount_is_exact(amount, dress, full):
    text = f"{amount:,}" if dress == "," else f"{amount}{dress}"
    if full:
        text = text.translate(FULL)
    assert cells.decimal(text) == amount
    assert cells.decimal(float(amount)) == Decimal(f"{float(amount):.15g}")


@few
@given(TEXTS)
def test_a_text_goes_out_and_comes_in_as_it_was_and_is_no_formula(text):
    file = io.BytesIO()
    made = writing.Book(file)
    with made.sheet("a") as sheet:
        sheet.row(["x", text])
    made.close()
    cell = load_workbook(io.BytesIO(file.getvalue())).active["B1"]
    assert cell.data_type in ("s", "n", "inlineStr") and (cell.value is None) == (text == "")
    said = cells.guarded(text)
    assert not said[:1] or said[0] not in "=+-@＝＋－＠\t\r\n"
    assert cells.unguarded(said) == text


def check_workbook(rows):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    with gate.scratch([file.getvalue()]) as kept:
        gate.look(kept)
        read = {row[0]: row[1] for row in gate.read(kept) if isinstance(row, tuple)}
    for number, row in enumerate(rows, start=1):
        told = read.get(number, [])
        for place, value in enumerate(row):
            cell = told[place] if place < len(told) else None
            if isinstance(value, (date, datetime)):
                assert cells.day(cell) == (value.date() if isinstance(value, datetime) else value)
            elif isinstance(value, (bool, int)):
                assert cell == value
            else:
                assert (cell or None) == (value or None)


CELL = st.one_of(
    st.none(),
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=20).filter(
        lambda text: not text.startswith("=") and "_x" not in text
    ),
)
BOOKS = st.lists(st.lists(CELL, min_size=1, max_size=6), min_size=1, max_size=8).filter(
    lambda rows: any(cell is not None for row in rows for cell in row)
)


@quiet(few, max_examples=15)
@given(BOOKS)
@example([[None], ["0"]])
@example([[None, None], [None, date(2000, 1, 1)], [None], [7, None, True]])
def test_a_workbook_is_read_cell_by_cell(rows):
    check_workbook(rows)


@pytest.mark.long
@many
@given(BOOKS)
def test_two_thousand_workbooks(rows):
    check_workbook(rows)


@few
@given(st.one_of(TEXTS, st.floats(allow_nan=False, allow_infinity=False), st.integers(), st.booleans()))
def test_no_kind_of_column_fails_otherwise_than_in_words(cell):
    for kind in (
        kinds.Text(20),
        kinds.Number(),
        kinds.Number(2, 12, unit="元"),
        kinds.Day(),
        kinds.Moment(),
        kinds.Clock(),
        kinds.Yes(),
        kinds.Code([("a", "甲（乙）"), ("b", "丙")]),
        kinds.Codes([("a", "甲"), ("b", "丙")]),
    ):
        if cells.is_blank(cell):
            continue
        try:
            kind.read(cell)
        except ValidationError as error:
            assert error.messages
