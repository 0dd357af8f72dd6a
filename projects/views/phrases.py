"""常用意见: the wordings one is offered, kept and removed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linkage.foundation.filters import strict_query
from projects import rules
from projects.forms.phrases import PhraseForm
from projects.models import Phrase
from projects.services import phrases


@login_required
def phrase_list(request):
    """Those one is offered, the most used first, and a form for a new one."""
    strict_query(request, ("large",))
    user = request.user
    offices = {
        post.office_id: post.office
        for post in user.current_posts
        if rules.keeps_phrases_of(user, post.office)
    }
    owners = [("", _("me alone")), *((str(pk), office.name) for pk, office in offices.items())]
    form = PhraseForm(request.POST if request.method == "POST" else None, owners=owners)
    if form.is_valid():
        given = form.cleaned_data
        office = offices[int(given["office"])] if given["office"] else None
        try:
            phrases.keep(given["text"], given["verdict"], by=user, office=office)
        except ValidationError as problems:
            for name, errors in problems.message_dict.items():
                form.add_error(name, errors)
        else:
            messages.success(request, _("The wording is kept."))
            return redirect("projects:phrases")
    rows = [
        (one, rules.keeps_phrase(user, one))
        for one in Phrase.objects.offered_to(user).select_related("office")
    ]
    return render(
        request, "projects/phrases.html", {"rows": rows, "form": form}, status=422 if form.is_bound else 200
    )


@login_required
@require_POST
def remove(request, pk):
    phrase = get_object_or_404(Phrase.objects.offered_to(request.user), pk=pk)
    if not rules.keeps_phrase(request.user, phrase):
        raise Http404
    phrases.remove(phrase, by=request.user)
    messages.success(request, _("The wording is removed."))
    return redirect("projects:phrases")
