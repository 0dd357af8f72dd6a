"""查找人员: whoever has exactly this number, in the registers one keeps."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communities.people import services
from linkage.attainment.documents.units import record_address
from linkage.foundation.errors import TooOften
from linkage.foundation.filters import strict_query


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("Identity number or telephone"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "autofocus": True}),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request):
    """The number comes in the body of a POST and goes nowhere: into no address, answer or log."""
    strict_query(request, ("large",))
    if not services.may_find(request.user):
        raise PermissionDenied
    form, found, status = NumberForm(request.POST if request.method == "POST" else None), None, 200
    if form.is_bound:
        try:
            if form.is_valid():
                found = [_told(row) for row in services.find(form.cleaned_data["number"], by=request.user)]
        except ValidationError as error:
            form.add_error("number", error)
        except TooOften as error:
            form.add_error(None, str(error))
            status = 429
        if form.errors and status == 200:
            status = 422
    problems = [problem for told in form.errors.values() for problem in told]
    facts = {"problems": problems, "found": found, "most": services.SEARCHES}
    return render(request, "desk/find.html", facts, status=status)


def _told(row):
    numbers = [
        masked for name in ("id_number", "phone") if name in row.sealed and (masked := row.masked(name))
    ]
    return {
        "register": row._meta.verbose_name,
        "name": str(row),
        "address": record_address(row),
        "place": row.place,
        "numbers": numbers,
    }
