"""The desk of a register: search, filters, parts, history, removal and restoring, merging, revealing.

A register's admin derives from ``Register`` and is shape only: lists of fields, filters, parts. What it
may show and who may write is said by the model (``region_path``, ``duties``, ``sealed``).
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models, transaction
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import action
from unfold.forms import PaginationFormSetMixin
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminSingleDateWidget

from . import history, keeping
from .admin import Scoped
from .choices import CodesField
from .dates import FORMATS
from .errors import NotNow, TooOften
from .ledger import Mergeable, keeping_posts, places_of, reading_posts
from .scope import under

MOST = 10_000  # rows that are counted; nobody pages further
PAGE = 50


class CountedSoFar(Paginator):
    """Counts no further than a person would page: an exact count of a million rows helps nobody."""

    @cached_property
    def count(self):
        return self.object_list.order_by().values("pk")[:MOST].count()


def region_model(model):
    """The model of places, found by following ``region_path``."""
    for step in model.region_path.split("__")[:-1]:
        model = model._meta.get_field(step).related_model
    return model


class Removed(admin.SimpleListFilter):
    """The rows that stand or, for administrators, those that were removed."""

    title = _("recycle bin")
    parameter_name = "removed"

    def lookups(self, request, model_admin):
        return [("1", _("Removed entries"))] if request.user.administers else []

    def queryset(self, request, queryset):
        return queryset.filter(removed_at__isnull=self.value() != "1")

    def choices(self, changelist):
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("Entries in force"),
        }
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }


class Place(admin.SimpleListFilter):
    """The tree of places, one level at a time, from the places of one's posts down."""

    title = _("place")
    parameter_name = "place"

    def __init__(self, request, params, model, model_admin):
        self.regions = region_model(model).objects
        self.mine = [post.office.region for post in reading_posts(request.user, model.duties)]
        super().__init__(request, params, model, model_admin)

    @cached_property
    def chosen(self):
        code = self.value()
        if not code:
            return None
        if len(code) > 24 or "\0" in code:
            raise BadRequest
        place = self.regions.filter(code=code).first()
        if place is None or not self._is_mine(place):
            raise BadRequest
        return place

    def _is_mine(self, place):
        return any(place.path.startswith(mine.path) for mine in self.mine)

    def lookups(self, request, model_admin):
        if self.chosen is None:
            return [(top.code, top.name) for top in {mine.pk: mine for mine in self.mine}.values()]
        below = self.chosen.children.filter(closed_on=None).order_by("path")
        return list(below.values_list("code", "name")[:200])

    def has_output(self):
        return bool(self.mine)

    def queryset(self, request, queryset):
        if self.chosen is None:
            return queryset
        return queryset.filter(under(queryset.region_path, self.chosen.path))

    def choices(self, changelist):
        def choice(code, label, selected=False):
            link = changelist.get_query_string({self.parameter_name: code}) if code else None
            link = link or changelist.get_query_string(remove=[self.parameter_name])
            return {"selected": selected, "query_string": link, "display": label}

        yield choice(None, _("All"), selected=self.chosen is None)
        if self.chosen is not None:
            for place in filter(self._is_mine, [*self.chosen.ancestors, self.chosen]):
                yield choice(place.code, place.name, selected=place == self.chosen)
        for code, name in self.lookup_choices:
            yield choice(code, name if self.chosen is None else f"　{name}")


class Ticked(admin.FieldListFilter):
    """Rows that have a code among theirs: ``list_filter = ["roles"]`` over a ``CodesField``."""

    def __init__(self, field, request, params, model, model_admin, field_path):
        self.parameter = f"has_{field_path}"
        self.chosen = (params.get(self.parameter) or [""])[-1]
        super().__init__(field, request, params, model, model_admin, field_path)

    def expected_parameters(self):
        return [self.parameter]

    def queryset(self, request, queryset):
        if not self.chosen:
            return queryset
        if self.chosen not in self.field.codes:
            raise BadRequest
        return queryset.filter(**{f"{self.field_path}__contains": [self.chosen]})

    def choices(self, changelist):
        for code, label in {"": _("All"), **self.field.codes}.items():
            yield {
                "selected": self.chosen == code,
                "query_string": changelist.get_query_string({self.parameter: code})
                if code
                else changelist.get_query_string(remove=[self.parameter]),
                "display": label,
            }


admin.FieldListFilter.register(lambda field: isinstance(field, CodesField), Ticked, take_priority=True)


class Listed(ChangeList):
    """A page of rows that knows what the places of its rows are called, in one query for all."""

    def get_filters(self, request):
        """Only the filters of the list may ask; any other parameter is a 400, not a column to search in."""
        try:
            found = super().get_filters(request)
        except IncorrectLookupParameters as error:
            raise BadRequest from error
        if found[2]:  # what no filter has taken
            raise BadRequest
        return found

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        home = request.user.home_region
        hidden = set(home.path_codes) if home else set()
        regions = {row.pk: row.place for row in self.result_list}
        codes = {code for place in regions.values() if place for code in place.path_codes}
        names = dict(
            region_model(self.model).objects.filter(code__in=codes - hidden).values_list("code", "name")
        )
        for row in self.result_list:
            place = regions[row.pk]
            row.place_words = place and (
                " › ".join(names[code] for code in place.path_codes if code in names) or place.name
            )


class Choice(AutocompleteSelect):
    """A row chosen by typing. What is no number is a wrong choice; the form is drawn again without it."""

    def optgroups(self, name, value, attr=None):
        numbers = [one for one in value if str(one).isascii() and str(one).isdigit() and len(str(one)) < 19]
        return super().optgroups(name, numbers, attr)


def _masked(mask):
    return lambda contents: mask(str(contents)) or "—"


class Shape:
    """Fields as every form of a register draws them; choices of other rows stay within one's scope."""

    formfield_overrides = {
        models.DateField: {
            "form_class": forms.DateField,
            "widget": UnfoldAdminSingleDateWidget,
            "input_formats": FORMATS,
        },
    }

    @cached_property
    def readonly_preprocess_fields(self):
        """What those read who may only look (a hook of Unfold): codes as words, sealed values masked."""
        fields = self.model._meta.local_fields
        return {
            **{field.name: field.labels_in for field in fields if isinstance(field, CodesField)},
            **{name: _masked(mask) for name, mask in getattr(self.model, "sealed", {}).items()},
        }

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """A code that must be chosen begins unchosen: nobody saves the first of a list by oversight."""
        if "choices" not in kwargs and not db_field.has_default():
            nothing = [("", _("Select value"))]
            kwargs["choices"] = db_field.get_choices(include_blank=True, blank_choice=nothing)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        rows = kwargs.get("queryset") or db_field.related_model._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(request.user)
            root, _dot, rest = self.model.region_path.partition("__")
            if db_field.name == root:  # where the row itself will lie: only where one may write
                posts = keeping_posts(request.user, self.model.duties)
                rows = rows.filter(places_of(posts, rest)) if posts else rows.none()
            held = getattr(getattr(request, "held_entry", None), db_field.attname, None)
            if held is not None and type(request.held_entry) is self.model:
                rows = rows | type(rows)(model=rows.model).filter(pk=held)  # what stands there may stay
            kwargs["queryset"] = rows
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Choice(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PartFormSet(PaginationFormSetMixin, BaseInlineFormSet):
    """Lines of a row, a page of them where there are many (``per_page`` of the part).

    One struck out is removed like any entry, never deleted.
    """

    @property
    def by(self):
        return self.request.user

    def get_page_num(self):
        key = self.get_pagination_key()
        asked = self.request.GET.get(key) or self.request.POST.get(key) or ""
        return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1

    def delete_existing(self, obj, commit=True):
        if commit:
            keeping.take_out_part(obj, by=self.by)

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and (found := keeping.obstacles(form.instance, by=self.by)):
                raise ValidationError([_("Still in use: %s") % obstacle for obstacle in found])
        for form in self.forms:
            if form.has_changed() and form not in self.deleted_forms and not form.errors:
                self._judge(form)

    def _judge(self, form):
        """A form leaves the row it hangs on out of the constraints ("once per organisation"); not so here."""
        try:
            form.instance.validate_constraints(exclude=form._get_validation_exclusions() - {self.fk.name})
        except ValidationError as error:
            form._update_errors(error)


class Part(Shape):
    """Rows shown as lines on the form of the row they belong to; written by who may write that one."""

    formset = PartFormSet
    extra = 0
    show_change_link = False
    tab = True

    def get_queryset(self, request):
        """What another place keeps of the row is told there."""
        return super().get_queryset(request).filter(removed_at__isnull=True).visible_to(request.user)

    def has_view_permission(self, request, obj=None):
        return bool(reading_posts(request.user, self.model.duties))

    def has_change_permission(self, request, obj=None):
        if not keeping_posts(request.user, self.model.duties):
            return False
        return obj is None or (obj.removed_at is None and obj.is_kept_by(request.user))

    has_add_permission = has_delete_permission = has_change_permission


class Lines(Part, TabularInline):
    pass


class Sheets(Part, StackedInline):
    pass


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=200, strip=True)


class Register(Shape, Scoped, ModelAdmin):
    """The admin of one register.

    ``search_fields`` with ``name__holds``; ``list_filter`` is put behind the place and the recycle bin;
    ``help_source`` is the clause the register answers to, shown above the list.
    """

    paginator = CountedSoFar
    list_per_page = PAGE
    list_max_show_all = PAGE
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_filter_submit = False
    list_fullwidth = True
    warn_unsaved_form = True
    save_on_top = False
    actions = ["remove_chosen", "restore_chosen", "merge_chosen"]
    actions_list = ["show_doubles"]
    actions_detail = ["reveal_here", "restore_here"]
    help_source = ""
    object_history_template = "admin/register/history.html"
    list_before_template = "admin/register/source.html"
    change_form_outer_before_template = "admin/register/state.html"

    # What may be seen and written

    def has_view_permission(self, request, obj=None):
        return bool(reading_posts(request.user, self.model.duties))

    def has_add_permission(self, request):
        return bool(keeping_posts(request.user, self.model.duties))

    def has_change_permission(self, request, obj=None):
        if not self.has_add_permission(request):
            return False
        return obj is None or (obj.removed_at is None and obj.is_kept_by(request.user))

    has_delete_permission = has_change_permission

    def has_restore_permission(self, request, obj=None):
        return self.has_view_permission(request) and request.user.administers

    def has_merge_permission(self, request, obj=None):
        return issubclass(self.model, Mergeable) and self.has_add_permission(request)

    def has_reveal_permission(self, request, obj=None):
        return bool(self.model.sealed) and self.has_add_permission(request)

    def get_queryset(self, request):
        ordering = self.get_ordering(request) or self.opts.ordering
        rows = self.model.everything.visible_to(request.user).order_by(*ordering)
        # Named here, Django leaves ``list_select_related`` out: a list would ask for each row anew.
        rows = rows.select_related(
            self.model.region_path.rpartition("__")[0], *(self.list_select_related or ())
        )
        asked_to_choose = request.resolver_match and request.resolver_match.url_name == "autocomplete"
        if asked_to_choose or not request.user.administers:
            rows = rows.standing()
        return rows

    @admin.display(description=_("place"))
    def where(self, row):
        """The place below one's own, for ``list_display``."""
        return row.place_words or "—"

    def get_changelist(self, request, **kwargs):
        return Listed

    def get_list_filter(self, request):
        return [Place, *super().get_list_filter(request), Removed]

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        request.held_entry = found
        return found

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """A row that is not one's own is answered like one that does not exist, on every page alike."""
        raise Http404

    def get_actions(self, request):
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        removed = request.GET.get("removed") == "1"
        for name, wanted in (
            ("remove_chosen", not removed and self.has_add_permission(request)),
            ("restore_chosen", removed and self.has_restore_permission(request)),
            ("merge_chosen", not removed and self.has_merge_permission(request)),
        ):
            if not wanted:
                found.pop(name, None)
        return found

    def response_action(self, request, queryset):
        """Keys that no row can have are a 400, not a fault."""
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(key.isascii() and key.isdigit() and len(key) < 19 for key in keys):
            raise BadRequest
        return super().response_action(request, queryset)

    # Saving

    def save_form(self, request, form, change):
        """The row may not lie where this person does not write, whatever was posted."""
        entry = super().save_form(request, form, change)
        if not entry.is_kept_by(request.user):
            raise PermissionDenied
        return entry

    def get_formset_kwargs(self, request, obj, inline, prefix):
        about = super().get_formset_kwargs(request, obj, inline, prefix)
        return {**about, "request": request} if issubclass(inline.formset, PartFormSet) else about

    def log_addition(self, request, obj, message):
        """The row history tells who added it; a second account would only differ from it."""

    def log_change(self, request, obj, message):
        """As above."""

    log_deletions = log_change

    def changeform_view(self, request, *args, **kwargs):
        """Two people, one unique number, the same second: the second is told, and nothing is half done."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            messages.error(request, _("Somebody else has just saved the same entry. Please look again."))
            return HttpResponseRedirect(request.get_full_path())

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {**(extra_context or {}), "source": self.help_source})

    # Removal, restoring, merging

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        own = [path("merge/", view(self.merge_view), name=f"{name}_merge")]
        return own + super().get_urls()

    def _page(self, request, template, title, **context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "has_view_permission": True,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/register/{template}.html", context)

    def _list(self):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _row_or_404(self, request, object_id):
        row = self.get_object(request, unquote(str(object_id)))
        if row is None:
            raise Http404
        return row

    def delete_view(self, request, object_id, extra_context=None):
        row = self._row_or_404(request, object_id)
        if not self.has_delete_permission(request, row):
            raise PermissionDenied
        return self._remove(request, [row], action_posted=False)

    @admin.action(description=_("Remove the chosen entries, with a reason"))
    def remove_chosen(self, request, queryset):
        return self._remove(request, list(queryset[:PAGE]), action_posted=True)

    def _remove(self, request, rows, *, action_posted):
        asked = not action_posted or "reason" in request.POST
        form = ReasonForm(request.POST if asked and request.method == "POST" else None)
        problems = []
        if form.is_bound and form.is_valid():
            try:
                with transaction.atomic():
                    for row in rows:
                        keeping.remove(row, by=request.user, reason=form.cleaned_data["reason"])
            except ValidationError as error:
                problems = error.messages
            except NotNow as error:
                problems = [str(error)]
            else:
                messages.success(
                    request,
                    _("Removed: %s. Administrators find it in the recycle bin.")
                    % "、".join(str(row) for row in rows[:5]),
                )
                return HttpResponseRedirect(self._list())
        status = 422 if form.is_bound else 200
        response = self._page(
            request,
            "remove",
            _("Remove from the register"),
            rows=rows,
            form=form,
            problems=problems,
            as_action=action_posted,
            back=self._list(),
        )
        response.status_code = status
        return response

    @admin.action(description=_("Restore the chosen entries"))
    def restore_chosen(self, request, queryset):
        if not self.has_restore_permission(request):
            raise PermissionDenied
        for row in queryset[:PAGE]:
            try:
                keeping.restore(row, by=request.user)
            except (ValidationError, NotNow) as error:
                reason = "、".join(error.messages) if isinstance(error, ValidationError) else str(error)
                messages.error(request, f"{row}：{reason}")
            else:
                messages.success(request, _("Restored: %s") % row)
        return None

    @admin.action(description=_("Merge two entries that are the same"))
    def merge_chosen(self, request, queryset):
        keys = [str(pk) for pk in queryset.values_list("pk", flat=True)[:3]]
        if len(keys) != 2:
            messages.warning(request, _("Tick exactly two entries to merge."))
            return None
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_merge")
        return HttpResponseRedirect(f"{address}?one={keys[0]}&other={keys[1]}")

    def merge_view(self, request):
        if not self.has_merge_permission(request):
            raise PermissionDenied
        source = request.POST if request.method == "POST" else request.GET
        pair = [self._row_or_404(request, source.get(name, "")) for name in ("one", "other")]
        form = ReasonForm(request.POST if request.method == "POST" else None)
        problems = []
        if form.is_bound and form.is_valid():
            kept = next((row for row in pair if str(row.pk) == source.get("kept")), None)
            if kept is None:
                problems = [_("Choose the entry that stays.")]
            else:
                double = next(row for row in pair if row is not kept)
                try:
                    keeping.merge(kept, double, by=request.user, reason=form.cleaned_data["reason"])
                except ValidationError as error:
                    problems = error.messages
                except NotNow as error:
                    problems = [str(error)]
                else:
                    messages.success(request, _("Merged: %s now stands for both.") % kept)
                    return HttpResponseRedirect(self._list())
        response = self._page(
            request,
            "merge",
            _("Merge two entries"),
            pair=pair,
            form=form,
            problems=problems,
            facts=self._side_by_side(pair),
            back=self._list(),
        )
        response.status_code = 422 if form.is_bound else 200
        return response

    def _side_by_side(self, pair):
        """``[(label, this one's, the other's, differ)]`` of every field people see."""
        lines = []
        for field in self.opts.local_concrete_fields:
            if field.editable and not field.primary_key:
                shown = [history.shown(row, field) for row in pair]
                lines.append((field.verbose_name, *shown, shown[0] != shown[1]))
        return lines

    @action(description=_("Possible doubles"), url_path="doubles", permissions=["merge"], icon="join_inner")
    def show_doubles(self, request):
        return self._page(
            request,
            "doubles",
            _("Possible doubles"),
            found=self.doubles(request),
            merge=reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_merge"),
            back=self._list(),
        )

    def doubles(self, request):
        """``[(one, other, [reasons])]`` among the rows of this person; each register knows its own."""
        return []

    @action(description=_("Restore"), url_path="restore", permissions=["restore"], icon="restore_from_trash")
    def restore_here(self, request, object_id):
        row = self._row_or_404(request, object_id)
        if request.method == "POST":
            self.restore_chosen(request, self.model.everything.filter(pk=row.pk))
            return HttpResponseRedirect(self._list())
        return self._page(request, "restore", _("Restore"), row=row, back=self._list())

    # Personal data

    @action(description=_("Show full numbers"), url_path="reveal", permissions=["reveal"], icon="visibility")
    def reveal_here(self, request, object_id):
        """Says a sealed value in the answer to a POST: it stands in no address and in no cache."""
        row = self._row_or_404(request, object_id)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        fields = {name: self.model.label_of(name) for name in self.model.sealed}
        form = ReasonForm(request.POST if request.method == "POST" else None)
        told, problems, status = "", [], 200
        field = request.POST.get("field", "")
        if form.is_bound:
            status = 422
            if field not in fields:
                problems = [_("Choose what you need to see.")]
            elif form.is_valid():
                try:
                    told, status = (
                        keeping.reveal(row, field, by=request.user, reason=form.cleaned_data["reason"]),
                        200,
                    )
                except TooOften as error:
                    problems, status = [str(error)], 429
        response = self._page(
            request,
            "reveal",
            _("Show full numbers"),
            row=row,
            fields=fields,
            form=form,
            told=told,
            field=field,
            problems=problems,
            told_label=fields.get(field, ""),
            most=keeping.REVEALS,
        )
        response.status_code = status
        response["Cache-Control"] = "no-store"
        return response

    # History

    def history_view(self, request, object_id, extra_context=None):
        row = self._row_or_404(request, object_id)
        parts = [inline.model for inline in self.inlines if issubclass(inline, Part)]
        return self._page(
            request,
            "history",
            _("History: %s") % row,
            row=row,
            object=row,
            changes=history.of(row, parts, to=request.user),
            back=self._list(),
        )
