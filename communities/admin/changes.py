"""Changes of the tree by hand: rename, move, merge, split. Shown first in words, done only when confirmed."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from communities import rules, services
from communities.forms import HandOnForm, MergeForm, MoveForm, RenameForm, SplitForm
from communities.models import Region
from communities.services import handing
from linkage.foundation import tidings
from linkage.foundation.registers.pages import Foretold

SHOWN = 5  # of the entries that stay, by name


class TreeChanges(Foretold):
    """The buttons of a place for administrators above it; the verbs ask their rule once more."""

    actions_detail = ["rename_here", "move_here", "merge_here", "split_here", "hand_on_here"]

    def has_tree_permission(self, request, object_id=None):
        row = self.get_object(request, unquote(str(object_id))) if object_id else None
        return row is not None and row.closed_on is None and rules.may_change(request.user, row)

    @action(description=gettext_lazy("Rename"), url_path="rename", permissions=["tree"], icon="edit")
    def rename_here(self, request, object_id):
        return self._change(
            request, object_id, RenameForm, services.rename, title=_("Rename a place"), told=_renamed
        )

    @action(description=gettext_lazy("Move"), url_path="move", permissions=["tree"], icon="drive_file_move")
    def move_here(self, request, object_id):
        return self._change(
            request,
            object_id,
            MoveForm,
            services.move,
            title=_("Hang a place under another one"),
            told=_moved,
        )

    @action(description=gettext_lazy("Merge"), url_path="merge", permissions=["tree"], icon="merge")
    def merge_here(self, request, object_id):
        def merged(region, into, **about):
            return services.merge([region], into=into, **about)

        return self._change(
            request, object_id, MergeForm, merged, title=_("Merge a place into another one"), told=_merged
        )

    @action(description=gettext_lazy("Split"), url_path="split", permissions=["tree"], icon="call_split")
    def split_here(self, request, object_id):
        return self._change(
            request, object_id, SplitForm, services.split, title=_("Split a place"), told=_split
        )

    def has_handing_permission(self, request, object_id=None):
        row = self.get_object(request, unquote(str(object_id))) if object_id else None
        return row is not None and rules.may_change(request.user, row) and bool(row.successors)

    @action(
        description=gettext_lazy("Hand on the registers"),
        url_path="hand_on",
        permissions=["handing"],
        icon="forward",
    )
    def hand_on_here(self, request, object_id):
        def handed(region, into, registers, by):
            done = services.hand_on(region, into=into, labels=registers, by=by)
            for row in done.stay[:SHOWN]:
                messages.warning(
                    request,
                    _("%(entry)s stays: %(into)s has its like.") % {"entry": row, "into": into.name},
                )

        return self._change(
            request,
            object_id,
            HandOnForm,
            handed,
            title=_("Hand on the registers of a place"),
            told=_handed_on,
            permitted=self.has_handing_permission,
        )

    def _change(self, request, object_id, form_class, verb, **about):
        about = {"permitted": self.has_tree_permission, **about}
        return self._foretell(request, object_id, form_class, verb, **about)


def _renamed(region, name, on, basis):
    return [
        _("From %(day)s on “%(old)s” is called “%(new)s”.")
        % {"day": date_format(on), "old": region.name, "new": name},
        _("Earlier days keep the old name. Its office keeps its own name until it is renamed, too."),
        *_standing(on, basis),
    ]


def _moved(region, parent, on, basis):
    below = Region.objects.within(region).filter(closed_on=None).exclude(pk=region.pk).count()
    return [
        _("From %(day)s on %(place)s lies under %(parent)s, no longer under %(before)s.")
        % {"day": date_format(on), "place": region.name, "parent": parent, "before": region.parent},
        _("%(count)s places below go along. Their registers and offices go with them.") % {"count": below},
        *tidings.ask("region.foretold", region=region),
        *_standing(on, basis),
    ]


def _merged(region, into, on, basis):
    below = region.children.filter(closed_on=None).count()
    sentences = [
        _("From %(day)s on %(place)s goes on as %(into)s and is a place of its own no longer.")
        % {"day": date_format(on), "place": region.name, "into": into},
    ]
    if below:
        sentences.append(_("%(count)s places below go to %(into)s.") % {"count": below, "into": into.name})
    sentences += _going_along(region, into)
    sentences += tidings.ask("region.foretold", region=region)
    sentences.append(_("The office of the place stays open until it is handed over, on its own page."))
    return [*sentences, *_standing(on, basis)]


def _split(region, parts, keep, on, basis):
    words = {
        "day": date_format(on),
        "place": region.name,
        "parts": "、".join(part.name for part in parts),
    }
    sentences = [
        _("From %(day)s on there are beside %(place)s, which goes on: %(parts)s.") % words
        if keep
        else _(
            "From %(day)s on %(place)s is a place of its own no longer; in its stead there are: %(parts)s."
        )
        % words
    ]
    sentences += [
        _("To %(part)s go: %(places)s.")
        % {"part": part.name, "places": "、".join(child.name for child in part.children)}
        for part in parts
        if part.children
    ]
    if kept := _words(handing.entries_at(region)):
        words |= {"entries": kept}
        sentences.append(
            _(
                "These entries stay under %(place)s, which goes on. On its page you hand on what belongs to"
                " one of the new places: %(entries)s."
            )
            % words
            if keep
            else _(
                "These entries stay under %(place)s and count no more from that day, until you hand them on"
                " to one of the new places, on the page of %(place)s: %(entries)s."
            )
            % words
        )
    if not keep:
        sentences += tidings.ask("region.foretold", region=region)
        sentences.append(_("The office of the place stays open until it is handed over, on its own page."))
    sentences.append(_("The new places have no office yet; their accounts are opened on the accounts page."))
    return [*sentences, *_standing(on, basis)]


def _standing(on, basis):
    return [
        _("Basis: %(basis)s. Days before %(day)s stay as they were.")
        % {"basis": basis, "day": date_format(on)}
    ]


def _words(counted):
    return "、".join(f"{model._meta.verbose_name} {count}" for model, count in counted)


def _going_along(region, into):
    """What a merger does to the registers of the place, in sentences."""
    found = handing.entries_at(region)
    words = {"place": region.name, "into": into.name}
    sentences = []
    if going := _words([(model, count) for model, count in found if not model.tells_of_place]):
        sentences.append(
            _(
                "These entries go along to %(into)s that day: %(going)s. What %(into)s has already, of the"
                " same name or the same person, stays, and the page of %(place)s lists it."
            )
            % {**words, "going": going}
        )
    if staying := _words([(model, count) for model, count in found if model.tells_of_place]):
        sentences.append(
            _("These stay with %(place)s, for they tell of it alone, and count no more: %(staying)s.")
            % {**words, "staying": staying}
        )
    return sentences


def _handed_on(region, into, registers):
    counted = [
        (model, count) for model, count in handing.entries_at(region) if model._meta.label in registers
    ]
    return [
        _("From %(place)s to %(into)s go: %(entries)s.")
        % {"place": region.name, "into": into.name, "entries": _words(counted)},
        _("What %(into)s has already, of the same name or the same person, stays.") % {"into": into.name},
        _("The history of each entry tells where it stood before."),
    ]
