"""Personal numbers that slip into logs, error messages and exception reports are masked on their way out.

The code does not log them (``Objection.__str__`` shows how); this is the net below: a database error that
quotes a value, a traceback, an address with a query.
"""

import logging
import re

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from .fields import Opened
from .standards import mask_id, mask_phone

DAY = r"(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
IDENTITY = re.compile(rf"(?<![0-9])[1-9][0-9]{{5}}[ -]?{DAY}[ -]?[0-9]{{3}}[0-9Xx](?![0-9])")
MOBILE = re.compile(r"(?<![0-9])(?:(?:\+|00)?86[ -]?)?1[3-9][0-9]([ -]?)[0-9]{4}\1[0-9]{4}(?![0-9])")
NARROW = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")


def mask_numbers(text):
    """The text with whatever looks like a resident identity number or a mobile number masked."""
    for pattern, mask in ((IDENTITY, mask_id), (MOBILE, mask_phone)):
        parts, end = [], 0
        for found in pattern.finditer(text.translate(NARROW)):
            parts += [text[end : found.start()], mask(found[0])]
            end = found.end()
        text = "".join(parts) + text[end:]
    return text


class Masked(logging.Filter):
    """Masks the message, the traceback and the stack of what a handler is about to write."""

    def filter(self, record):
        try:
            record.msg = mask_numbers(record.getMessage())
        except Exception:  # the arguments do not fit; logging would print them as they are
            record.msg = mask_numbers(f"{record.msg} (and arguments that do not fit)")
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        for part in ("exc_text", "stack_info"):
            if getattr(record, part):
                setattr(record, part, mask_numbers(getattr(record, part)))
        return True


class ReportFilter(SafeExceptionReporterFilter):
    """What was sealed does not appear among the local variables of a report, whatever it looks like."""

    def get_traceback_frame_variables(self, request, tb_frame):
        return [
            (name, self.cleansed_substitute if isinstance(value, Opened) else value)
            for name, value in super().get_traceback_frame_variables(request, tb_frame)
        ]


class Report(ExceptionReporter):
    """The page and the text about an exception, masked as a whole: message, variables, request, form."""

    def get_traceback_html(self):
        return mask_numbers(super().get_traceback_html())

    def get_traceback_text(self):
        return mask_numbers(super().get_traceback_text())
