"""消息: what a person was told, and how they want to hear of it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linkage.foundation import notices
from linkage.foundation.listing import Query
from linkage.foundation.models import Notice, NoticeChoice

LISTS = [("all", lazy("All")), ("unread", lazy("Unread")), ("act", lazy("To be acted on"))]
When = NoticeChoice.When


class MessageQuery(Query):
    box = forms.ChoiceField(required=False, choices=LISTS, widget=forms.HiddenInput)


@login_required
@require_safe
def inbox(request):
    query, mine = MessageQuery(request), Notice.objects.visible_to(request.user)
    box = query.cleaned_data["box"] or "all"
    rows = {"all": mine, "unread": mine.unread(), "act": mine.filter(to_act=True)}[box]
    page, links = query.page(rows, ["-pk"])
    return render(
        request,
        "desk/messages.html",
        {
            "rows": page,
            "links": links,
            "box": box,
            "boxes": [(key, label, query.address(box=key)) for key, label in LISTS],
            "any_unread": mine.unread().exists(),
        },
    )


@login_required
@require_POST
def open_message(request, pk):
    """Mark it as read and go to what it is about."""
    mine = Notice.objects.visible_to(request.user)
    notice = get_object_or_404(mine, pk=pk)
    notices.read(mine.filter(pk=pk))
    return redirect(notice.url or "desk:messages")


@login_required
@require_POST
def read_all(request):
    count = notices.read(Notice.objects.visible_to(request.user))
    if count:
        messages.success(request, _("All messages are marked as read."))
    return redirect("desk:messages")


class ChoiceForm(forms.Form):
    email = forms.EmailField(
        label=lazy("E-mail"),
        required=False,
        max_length=254,
        help_text=lazy("Without an address you find everything here, and nothing is sent."),
    )
    acting = forms.ChoiceField(
        label=lazy("What I have to act on"),
        choices=[choice for choice in When.choices if choice[0] != When.OFF],
        widget=forms.RadioSelect,
        help_text=lazy("By e-mail; on the desk it stands at once in any case."),
    )
    knowing = forms.ChoiceField(
        label=lazy("What I only need to know"),
        choices=When.choices,
        widget=forms.RadioSelect,
        help_text=lazy("“Not at all” leaves it out on the desk as well."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request):
    user = request.user
    now = notices.choice_of(user)
    form = ChoiceForm(
        request.POST or None, initial={"email": user.email, "acting": now.acting, "knowing": now.knowing}
    )
    if request.method == "POST" and form.is_valid():
        notices.choose(user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("desk:messages")
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/message_choices.html", {"form": form}, status=status)
