"""What happens to registers and places, at random: rows typed, changed one by one and in bulk, by the
models and by raw SQL, removed, restored and deleted; places renamed, moved, merged, opened.

Whatever a constraint or rule refuses has not happened. The same chance does the same deeds.
"""

import contextlib
from datetime import timedelta
from decimal import Decimal

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from communities import services as tree
from communities.models import Level, Region
from linkage.foundation.choices import CodesField
from linkage.foundation.errors import NotNow
from linkage.foundation.ledger import Entry
from tests.registers.rows import DoesNotFit, Rows

REFUSED = (DatabaseError, ValidationError, NotNow, DoesNotFit)

# The columns by which somebody or something comes to be counted or not, or elsewhere.
SPAN = ("valid_from", "valid_to")
COLUMNS = {
    "communities.communityprofile": ("region", "as_of", "residents", "registered_residents", "party_members"),
    "communities.committeeelection": ("region", "held_on", "is_by_election", "method"),
    "communities.powerdutylist": ("region", "kind", "issued_on", "repealed_on"),
    "people.communitystaff": ("region", "person", "roles", "counts_as_staff", *SPAN),
    "facilities.servicefacility": ("region", "is_comprehensive", *SPAN),
    "facilities.station": ("region", "kind", "facility", *SPAN),
    "facilities.stationcommunity": ("station", "community", *SPAN),
    "organizations.socialorganization": ("region", "status", "tier", "subtypes", "is_community_org"),
    "organizations.employment": ("organization", "person", "kind", *SPAN),
    "organizations.servedcommunity": ("organization", "community", *SPAN),
    "organizations.hostedagency": ("organization", "agency", *SPAN),
    "socialwork.socialworker": ("region", "person", "started_on", "left_on"),
    "socialwork.assignment": ("worker", "region", "kind", "is_home", *SPAN),
    "socialwork.certificate": ("person", "passed_on", "withdrawn_on"),
    "socialwork.education": ("worker", "related_major", "graduated_on"),
    "socialwork.relatedmajor": ("dropped_on",),
    "socialwork.socialworkpost": ("region", "organization", "established_on", "abolished_on"),
    "socialwork.postholding": ("post", "worker", *SPAN),
    "socialwork.posttotal": ("organization", "as_of", "total"),
    "volunteers.volunteer": ("region", "person", "is_resident", "tags", "registered_on", "ended_on"),
    "volunteers.servicerecord": ("volunteer", "started_at", "verified_at", "reversed_at"),
    "charity.fundbudget": ("region", "year", "source", "purpose", "amount", "adopted_on"),
    "charity.cappedspending": ("region", "year", "total", "purchased"),
    "charity.charityentity": ("region", *SPAN),
    "charity.specialfund": ("entity", *SPAN),
    "charity.donation": ("entity", "kind", "amount", "received_on"),
    "charity.funduse": ("fund", "used_on", "amount"),
    "communities.residentunit": ("region", "resources", *SPAN),
    "communities.communityaffairitem": ("region", "listed_on"),
    "communities.affairchange": ("item", "kind", "changed_on"),
    "organizations.statuschange": ("organization", "to_status", "happened_on"),
    "organizations.supportpolicy": ("region", "paper", *SPAN),
    "projects.project": ("region", "status", "track", "granted_amount", "approved_on"),
    "projects.pilotarea": ("region",),
    "projects.pilotcommunity": ("region", "area", "designated_on"),
}
TABLES = [apps.get_model(label) for label in COLUMNS]
REGISTERS = [model for model in TABLES if issubclass(model, Entry)]


class Deeds:
    """``chance`` decides everything, ``by`` administers the province."""

    def __init__(self, chance, by):
        self.chance, self.by, self.today = chance, by, timezone.localdate()

    def do(self, name):
        """Whether it was done."""
        try:
            with transaction.atomic():
                getattr(self, name)()
                with connection.cursor() as cursor:  # what is judged at the end of a transaction, now
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except REFUSED:
            return False
        return True

    # Rows

    def type_in(self):
        """A row of one of the registers, with whatever it hangs on."""
        place = self._place(
            level=Level.COMMUNITY, code__lt="X"
        )  # numbers of people begin with a code of the state
        made = Rows(place, f"{self.chance.randrange(10**6)}")[self.chance.choice(REGISTERS)]
        names = COLUMNS[made._meta.label_lower]
        with contextlib.suppress(*REFUSED), transaction.atomic():
            for name in self.chance.sample(names, min(2, len(names))):
                self._set(type(made), name, [made.pk])

    def change(self):
        model = self.chance.choice(TABLES)
        self._set(model, self.chance.choice(COLUMNS[model._meta.label_lower]), self._some(model, 1))

    def change_many(self):
        model = self.chance.choice(TABLES)
        self._set(model, self.chance.choice(COLUMNS[model._meta.label_lower]), self._some(model, 30))

    def change_by_sql(self):
        model = self.chance.choice(TABLES)
        field = model._meta.get_field(self.chance.choice(COLUMNS[model._meta.label_lower]))
        value = field.get_db_prep_save(self._value(field), connection)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {model._meta.db_table} SET {field.column} = %s WHERE id = ANY(%s)",
                [value, self._some(model, self.chance.choice([1, 10]))],
            )

    def add_many(self):
        """Rows like those that stand, somewhere else, by bulk_create."""
        model = self.chance.choice(TABLES)
        found = list(model._base_manager.filter(pk__in=self._some(model, 5)))
        places = [
            name for name in COLUMNS[model._meta.label_lower] if model._meta.get_field(name).is_relation
        ]
        for row in found:
            row.pk = None
            for name in places:
                field = model._meta.get_field(name)
                setattr(row, field.attname, self._value(field))
        model._base_manager.bulk_create(found)

    def remove(self):
        model = self.chance.choice(REGISTERS)
        model.everything.filter(pk__in=self._some(model, 3)).update(
            removed_at=timezone.now(), removed_by=self.by, removed_reason="错"
        )

    def restore(self):
        model = self.chance.choice(REGISTERS)
        model.everything.filter(removed_at__isnull=False).update(
            removed_at=None, removed_by=None, removed_reason=""
        )

    def delete_by_sql(self):
        model = self.chance.choice(TABLES)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = ANY(%s)", [self._some(model, 2)])

    # Places

    def rename(self):
        place = self._place(level=Level.COMMUNITY)
        kind = "rural" if place.kind == "urban" else "urban"
        tree.rename(place, place.name, on=self.today, basis="测试", by=self.by, kind=kind)

    def move(self):
        place = self._place(level=self.chance.choice([Level.COUNTY, Level.STREET, Level.COMMUNITY]))
        parent = self._place(level=place.level - 1)
        tree.move(place, parent, on=self.today, basis="测试", by=self.by)

    def merge(self):
        level = self.chance.choice([Level.STREET, Level.COMMUNITY, Level.COMMUNITY])
        into, other = self._place(level=level), self._place(level=level)
        tree.merge([other], into=into, on=self.today, basis="测试", by=self.by)

    def open(self):
        street = self._place(level=Level.STREET)
        tree.open_region(
            f"新社区{self.chance.randrange(10**6)}",
            level=Level.COMMUNITY,
            parent=street,
            on=self.today,
            basis="测试",
            by=self.by,
            kind=self.chance.choice(["urban", "rural"]),
        )

    # Drawing

    def _place(self, **wanted):
        places = Region.objects.open_on(self.today).filter(**wanted).order_by("path")
        return places[self.chance.randrange(places.count())]

    def _some(self, model, most):
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        return self.chance.sample(keys, min(most, len(keys)))

    def _set(self, model, name, keys):
        model._base_manager.filter(pk__in=keys).update(**{name: self._value(model._meta.get_field(name))})

    def _value(self, field):
        if field.null and self.chance.random() < 0.25:
            return None
        if field.is_relation:
            return self._other(field)
        if isinstance(field, CodesField):
            return self.chance.sample(sorted(field.codes), self.chance.randrange(1, 4))
        if field.choices:
            return self.chance.choice(field.flatchoices)[0]
        if isinstance(field, models.BooleanField):
            return self.chance.random() < 0.5
        day = self.today + timedelta(days=self.chance.choice([-800, -400, -366, -40, -1, 0, 0, 1, 30]))
        if isinstance(field, models.DateTimeField):
            return timezone.now() - timedelta(days=self.chance.randrange(500))
        if isinstance(field, models.DateField):
            return day
        if field.name == "year":
            return self.today.year - self.chance.choice([0, 0, 1, 2])
        if isinstance(field, models.DecimalField):
            return Decimal(self.chance.randrange(10**7)) / 100
        return self.chance.randrange(1, 3000)

    def _other(self, field):
        if field.related_model is Region and field.name == "community":
            return self._place(level=Level.COMMUNITY).pk
        keys = self._some(field.related_model, 1)
        return keys[0] if keys else None


ROWS = (
    *("type_in", "type_in", "change", "change", "change_many", "change_many", "change_by_sql"),
    *("add_many", "remove", "restore", "delete_by_sql"),
)
PLACES = ("rename", "move", "merge", "open")
