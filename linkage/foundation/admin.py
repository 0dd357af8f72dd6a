"""What every admin of the house is: a view of the same rows as elsewhere, changed by verbs only."""


class ReadOnly:
    """Rows to be looked at, not edited."""

    show_full_result_count = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class Scoped:
    """The rows this person sees on the pages, and no others."""

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)
