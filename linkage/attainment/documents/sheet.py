"""One page as a workbook of one sheet: what it is about, then its tables under one another."""

from linkage.attainment.documents.workbook import Book
from linkage.foundation.tabular import XLSX

__all__ = ["XLSX", "build"]


def build(title, about, tables, *, mark="", widths=()):
    """The file, at its beginning.

    ``about``: ``[(name, text)]``; ``tables``: ``[(caption, heads, rows)]``; ``mark`` as of ``Book.sheet``.
    """
    book = Book()
    sheet = book.sheet(title, widths, mark=mark)
    for name, said in about:
        sheet.facts(name, said)
    for caption, heads, rows in tables:
        sheet.blank()
        if caption:
            sheet.head([caption])
        if heads:
            sheet.head(heads)
        for row in rows:
            sheet.row(row)
    return book.file()
