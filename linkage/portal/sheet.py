"""How large the type of a wall sheet may be, so that the notice stays on one A4 page."""

from math import ceil

WIDTH, HEIGHT = 480, 735  # points inside the margins of notice_print.html
SIZES = (20, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8)
LISTED_SIZE = 12  # of a notice with a list, which goes on over several pages
CLOSING = 90  # characters of the sentence about the days and how to object


def type_size(title, body, facts):
    """The largest size, in points, that fits; the smallest when nothing does."""
    return next((size for size in SIZES if _height(size, title, body, facts) <= HEIGHT), SIZES[-1])


def _height(size, title, body, facts):
    row = WIDTH / size  # characters in a row of text
    rows = _rows(body, row, indent=2) + ceil(CLOSING / row)
    ems = 2.9 + 2.0 + 1.82 * ceil(len(title) * 1.3 / row) + 1.65 * (rows + 0.8 * body.count("\n\n"))
    cell = (row - 8) / 0.9 - 1.4
    ems += sum(0.9 * (1.45 * _rows(text, cell) + 0.65) for _label, text in facts)
    return size * (ems + 5.2 + 4.3 + 4.4)  # telephones, signature, foot


def _rows(text, row, indent=0):
    return sum(max(ceil((len(line) + indent) / row), 1) for line in text.splitlines() if line.strip())
