"""What every admin of the house is: a view of the same rows as elsewhere, changed by verbs only."""

from django.core.exceptions import PermissionDenied


class Screen:
    """Opened to staff who hold a post; which rows they see there, the post decides."""

    view_on_site = False  # its address would tell of any number whether there is such a row

    def has_view_permission(self, request, obj=None):
        held = request.user.is_staff and bool(request.user.current_posts)
        return held or super().has_view_permission(request, obj)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def history_view(self, request, object_id, extra_context=None):
        """Whoever may not open the screen is told so before any row is looked for."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


class ReadOnly(Screen):
    """Rows to be looked at, not edited."""

    show_full_result_count = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class Scoped(Screen):
    """The rows this person sees on the pages, and no others."""

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)


class Kept(Scoped):
    """Rows that staff with a post may add and correct within their scope; nothing is deleted here."""

    def has_add_permission(self, request, obj=None):
        return self.has_view_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False


class Versioned(Scoped):
    """What administrators set by adding a version; nothing that was set is changed or taken away.

    The form is told who sets it (``form.user``).
    """

    def has_view_permission(self, request, obj=None):
        return request.user.is_authenticated and bool(request.user.current_posts)

    def has_add_permission(self, request):
        return self.has_view_permission(request) and request.user.administers

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form
