"""我的导出: bulk exports one has started over REST, to be fetched or cancelled."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linkage.attainment.services import exporting
from linkage.foundation import jobs
from linkage.foundation.filters import strict_query

SHOWN = 50


@login_required
@require_safe
def exports(request):
    strict_query(request, {"large"})
    return render(request, "attainment/exports.html", {"exports": exporting.of(request.user)[:SHOWN]})


@login_required
@require_safe
def file(request, pk):
    strict_query(request, {})
    job = get_object_or_404(exporting.of(request.user), pk=pk)
    found, name = exporting.file_of(job, by=request.user)
    return FileResponse(found, as_attachment=True, filename=name)


@login_required
@require_POST
def cancel(request, pk):
    jobs.cancel(get_object_or_404(exporting.of(request.user), pk=pk), by=request.user)
    messages.success(request, _("The export is stopped."))
    return redirect("attainment:exports")
