"""Tables over REST: one address answers as JSON, CSV or XLSX, the same rows with the same texts in each.

A door derives from ``TableViewSet``, says which parameters it takes and hands its rows to ``answer``. Rows
are flat: texts, whole numbers, yes or no, nothing, or lists of codes. An answer bears an ETag made of what
it says, so whoever asks again with it is told 304 as long as nothing that they see has changed, and only
then: figures also change by the calendar, by a term or by a name, without being counted anew. For the same
reason If-Modified-Since is looked at only where a door says that its answer is never changed (``fixed``),
and only where no ETag was sent.
"""

import csv
import hashlib
import io
import json

from django.core.exceptions import BadRequest
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from rest_framework import viewsets
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from .filters import KeysetPagination, strict_query
from .spreadsheets.cells import guarded

PAGES = (("next", "next"), ("previous", "prev"))
LONGEST_NUMBER = 10**15  # a spreadsheet keeps 15 digits of a number; longer ones are texts
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# A row as cells


def cells(row, columns):
    """One row for a table: nothing is an empty cell, a list its codes with spaces, no text a formula."""
    return [_cell(row[name]) for name in columns]


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        value = " ".join(value)
    return guarded(value) if isinstance(value, str) else value


class TableRenderer(BaseRenderer):
    """Rows under the names of their columns."""

    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        columns = renderer_context["view"].columns()
        return self.table(columns, (cells(row, columns) for row in data["results"]))


class CSVRenderer(TableRenderer):
    """UTF-8 with the mark by which spreadsheets know it."""

    media_type, format, charset = "text/csv", "csv", "utf-8"

    def table(self, columns, rows):
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
        return b"\xef\xbb\xbf" + file.getvalue().encode()


class XLSXRenderer(TableRenderer):
    media_type, format, charset = XLSX, "xlsx", None

    def table(self, columns, rows):
        book = Workbook(write_only=True)
        sheet = book.create_sheet("linkage")
        sheet.freeze_panes = "A2"
        for row in [columns, *rows]:
            sheet.append(written(sheet, row))
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()


def written(sheet, row):
    """The cells of one row for a spreadsheet: numbers are numbers, all else is text and no formula."""
    return [_written(sheet, value) for value in row]


def _written(sheet, value):
    if isinstance(value, int) and abs(value) < LONGEST_NUMBER:
        return value
    cell = WriteOnlyCell(sheet, value=str(value))
    cell.data_type, cell.number_format = "s", "@"
    return cell


class ByFormat(BaseContentNegotiation):
    """``?format=`` says it; without it the first of the accepted media types that is known, else JSON."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        asked = request.GET.get("format")
        if asked:
            for renderer in renderers:
                if renderer.format == asked:
                    return renderer, renderer.media_type
            raise BadRequest(_("“%(name)s” has a value that is not possible.") % {"name": "format"})
        for accepted in request.META.get("HTTP_ACCEPT", "").split(","):
            for renderer in renderers:
                if accepted.partition(";")[0].strip().lower() == renderer.media_type:
                    return renderer, renderer.media_type
        return renderers[0], renderers[0].media_type


# The doors


FORMAT = OpenApiParameter(
    "format", str, enum=["json", "csv", "xlsx"], description="The same rows as JSON, CSV or XLSX."
)
NOT_MODIFIED = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of an earlier answer: 304 without a body if nothing has changed.",
)
TABLES = [FORMAT, NOT_MODIFIED]


def as_tables(schema):
    """The media types of an answer and what is in them, for the schema."""
    return {
        (200, "application/json"): schema,
        (200, "text/csv"): OpenApiTypes.STR,
        (200, XLSX): OpenApiTypes.BINARY,
    }


class TableViewSet(viewsets.GenericViewSet):
    """``serializer_class`` names and describes the columns; ``parameters`` is the allowlist of the query."""

    renderer_classes = (JSONRenderer, CSVRenderer, XLSXRenderer)
    content_negotiation_class = ByFormat
    pagination_class = KeysetPagination
    filter_backends = ()
    metadata_class = None  # OPTIONS has no rows: the schema tells what there is

    def columns(self):
        return list(self.get_serializer_class()._declared_fields)

    def asked(self, **parameters):
        """The query, checked; beside these parameters only those of pages and of the format."""
        known = {**parameters, "format": str, "cursor": str, "size": str}
        return strict_query(self.request, known)

    def answer(self, rows, *, changed=None, fixed=False):
        """These rows of the page last read. ``changed``: when the newest figure among them was counted.

        ``fixed``: whatever was told at that time is told for ever, so that it may be asked for by time.
        """
        data = self.paginator.get_paginated_response(rows).data
        renderer = self.request.accepted_renderer
        said = json.dumps([renderer.format, get_language(), data], ensure_ascii=False, default=str)
        etag = f'W/"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
        modified = int(changed.timestamp()) if fixed and changed else None
        unchanged = get_conditional_response(self.request, etag=etag, last_modified=modified)
        response = unchanged or Response(data)
        response["ETag"] = etag
        if changed is not None:
            response["Last-Modified"] = http_date(changed.timestamp())
        links = [f'<{data[way]}>; rel="{rel}"' for way, rel in PAGES if data[way]]
        if links:
            response["Link"] = ", ".join(links)
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie", "Accept-Language"])
        if unchanged is None and renderer.format != "json":
            response["Content-Disposition"] = f'attachment; filename="{self.basename}.{renderer.format}"'
        return response

    def finalize_response(self, request, response, *args, **kwargs):
        """What went wrong is told as JSON, whatever was asked for."""
        if response.status_code >= 400:
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), "application/json"
        return super().finalize_response(request, response, *args, **kwargs)
