"""Lines of the form of a register: a table of their own, each line naming the row it hangs under."""

from django.core.exceptions import BadRequest

from . import describing


class PartSheet(describing.Sheet):
    """``parent``: the field that points at the row of the register."""

    on_desk = False
    parent = ""

    @classmethod
    def owner(cls):
        """The register it is part of."""
        return cls.model._meta.get_field(cls.parent).related_model

    def listed(self, user, query):
        if query:
            raise BadRequest
        rows = self.model.objects.visible_to(user)
        return rows.filter(**{f"{self.parent}__removed_at": None}).order_by(self.model.region_path, "pk")

    def list_url(self, query=None):
        return describing.of(self.owner()).list_url()


def of(model):
    """The descriptions of the lines of this register's form that can come and go as tables."""
    return [one for one in describing.every() if isinstance(one, PartSheet) and one.owner() is model]
