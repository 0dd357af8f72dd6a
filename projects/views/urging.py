"""催办 from the page of a project."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.models import Project
from projects.services import urging


@login_required
@require_POST
def urge(request, pk):
    project, mine = Project(pk=pk), Project.objects.visible_to(request.user)
    try:
        prompt = urging.urge(project, by=request.user, text=request.POST.get("text", ""), within=mine)
    except Project.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("%(office)s has been urged.") % {"office": prompt.office.heir.name})
    return redirect(project)
