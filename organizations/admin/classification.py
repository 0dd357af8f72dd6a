"""The dictionary of classification schemes: looked up by everybody, changed by the province."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from communities.models import Level
from linkage.foundation.admin import Screen
from linkage.foundation.ledger import reading_posts
from organizations.models import Category, ClassificationScheme, SocialOrganization


def _answers(user):
    """A dictionary for all places is kept by the administrators of the province."""
    return user.is_authenticated and any(
        post.administers and post.office.region.level == Level.PROVINCE for post in user.current_posts
    )


class Dictionary(Screen):
    def has_view_permission(self, request, obj=None):
        return bool(reading_posts(request.user, SocialOrganization.duties))

    def has_add_permission(self, request, obj=None):
        return _answers(request.user)

    has_change_permission = has_add_permission

    def has_delete_permission(self, request, obj=None):
        return False


class CategoryInline(Dictionary, TabularInline):
    model = Category
    extra = 0
    hide_title = True

    def get_fields(self, request, obj=None):
        """The codes tie rows together; only who adds a class has to do with them."""
        return ["position", "name", "common", *(["code"] if _answers(request.user) else [])]


@admin.register(ClassificationScheme)
class ClassificationSchemeAdmin(Dictionary, ModelAdmin):
    list_display = ["name", "source", "class_names"]
    inlines = [CategoryInline]
    show_full_result_count = False

    def get_fields(self, request, obj=None):
        return ["name", "source", *(["code"] if _answers(request.user) else [])]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("categories")

    @admin.display(description=Category._meta.verbose_name_plural)
    def class_names(self, scheme):
        return "、".join(category.name for category in scheme.categories.all())
