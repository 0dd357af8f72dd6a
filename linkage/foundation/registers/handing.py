"""Chosen rows of a place that was merged or split go on with a place that took over from it."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from linkage.foundation import keeping
from linkage.foundation.ledger import keeping_posts
from linkage.foundation.registers.filters import region_model
from linkage.foundation.registers.listing import PAGE
from linkage.foundation.registers.pages import Pages


class PlaceForm(forms.Form):
    into = forms.ModelChoiceField(None, label=_("to the place"), widget=UnfoldAdminSelectWidget)

    def __init__(self, data, places):
        super().__init__(data)
        keys = [place.pk for place in places]
        self.fields["into"].queryset = type(places[0]).objects.filter(pk__in=keys).order_by("path")


class Handing(Pages):
    """Asked for in the list of such a place; whole registers are handed on from the page of the place."""

    def has_handing_permission(self, request):
        """In a list narrowed to a place from which others took over, of rows that name their place."""
        code = request.GET.get("place", "")
        if not code or "\0" in code or self.model.region_path != "region__path":
            return False
        places = region_model(self.model).objects
        return (
            self.has_add_permission(request) and places.filter(code=code, successions__isnull=False).exists()
        )

    @admin.action(description=_("Hand the chosen entries on to the place that took over"))
    def hand_chosen(self, request, queryset):
        rows = list(queryset.select_related("region")[:PAGE])
        places = {row.region for row in rows}
        if len(places) > 1:
            messages.warning(request, _("Tick entries of one place at a time."))
            return None
        mine = [post.office.region.path for post in keeping_posts(request.user, self.model.duties)]
        heirs = [
            heir
            for place in places
            for heir in place.successors
            if any(heir.path.startswith(path) for path in mine)
        ]
        if not heirs:
            messages.warning(request, _("No place took over from there that you keep registers of."))
            return None
        form = PlaceForm(request.POST if "into" in request.POST else None, heirs)
        if form.is_bound and form.is_valid():
            self._hand(request, rows, form.cleaned_data["into"])
            return HttpResponseRedirect(request.get_full_path())
        response = self._page(
            request,
            "hand",
            _("Hand on to another place"),
            rows=rows,
            form=form,
            back=request.get_full_path(),
        )
        response.status_code = 422 if form.is_bound else 200
        return response

    def _hand(self, request, rows, into):
        went, stay = keeping.hand_on(rows, to=into, by=request.user)
        if went:
            messages.success(
                request,
                _("%(count)s entries now stand under %(into)s.") % {"count": went, "into": into.name},
            )
        for row in stay[:5]:
            messages.warning(
                request, _("%(entry)s stays: %(into)s has its like.") % {"entry": row, "into": into.name}
            )
