"""The doors of the statistics: what is asked, checked, and handed on."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError

from communities.models import Region
from linkage.attainment import rules
from linkage.attainment.api import examples
from linkage.attainment.api.columns import (
    AttainmentRow,
    EditionRow,
    FailingRow,
    MeasureRow,
    TargetRow,
    TotalRow,
)
from linkage.attainment.documents import rows
from linkage.attainment.models import CoverageTerm, Edition, KeptPlace, Target
from linkage.attainment.services import kept, reading, units
from linkage.foundation import measures
from linkage.foundation.filters import LARGEST_ID
from linkage.foundation.snapshot import of_one_moment
from linkage.foundation.tabular import TABLES, TableViewSet, as_tables
from linkage.policy.models import PolicyDocument

YES = ("1",)


# What is asked


@dataclass(frozen=True)
class Asked:
    place: Region
    below: bool
    edition: Edition | None
    restated: bool = False

    @property
    def stands(self):
        """The columns that say of which day the figures are."""
        return rows.stands(self.edition, self.day)

    @property
    def day(self):
        return self.edition.as_of if self.edition else timezone.localdate()

    @property
    def places(self):
        """The place itself, or those directly below it that were open on the day."""
        if not self.below:
            return Region.objects.filter(pk=self.place.pk).order_by("path")
        if self.edition and self.edition.demand_id and not self.restated:  # what lay there then
            then = KeptPlace.objects.filter(edition_id=self.edition.pk, parent_id=self.place.pk)
            return Region.objects.filter(pk__in=then.values("unit_id")).order_by("path")
        day = timezone.localdate() if self.restated else self.day
        return self.place.children.open_on(day).order_by("path")

    def then(self, target):
        """Target and place as they were in the edition; an empty list would say that nobody fell short."""
        if self.edition is None:
            return target, self.place
        demanded = kept.of(self.edition)
        if demanded is None:
            raise ValidationError({"edition": [_("This edition kept sums alone, no units.")]})
        place = self.place
        if not self.restated:
            place = kept.as_was(self.edition, [place]).get(place.pk)
        (target,) = demanded.same_as([target], restated=self.restated)
        absent = {"target": target, "place": place}
        if wrong := [name for name, row in absent.items() if row is None]:
            raise ValidationError({name: [_("It did not exist yet in this edition.")] for name in wrong})
        return target, place

    def named(self, regions):
        """``{pk: place}`` as they were called on the day."""
        return kept.named(None if self.restated else self.edition, regions)


PLACE = OpenApiParameter("place", str, required=True, description="Code of a place under one's posts.")
BELOW = OpenApiParameter("below", str, enum=YES, description="1: the places directly below it.")
EDITION = OpenApiParameter("edition", int, description="Number of an edition instead of today.")
RESTATED = OpenApiParameter("restated", str, enum=YES, description="1: an edition over today's tree.")
AS_OF = OpenApiParameter(
    "as_of", date, description="The latest edition kept on or before this day. Not together with edition."
)
OF_ONE_PLACE = ("place", "edition", "restated", "as_of")
OF_PLACES = {"place": str, "below": YES, "edition": int, "restated": YES, "as_of": date.fromisoformat}


class StatisticsViewSet(TableViewSet):
    """What its doors have in common: how a place, a document and an edition are found."""

    open_to_narrow_tokens = True

    def _required(self, query, *names):
        absent = [name for name in names if name not in query]
        if absent:
            raise ValidationError({name: [_("This parameter is required.")] for name in absent})

    def _of_places(self, query):
        place = self.request.user.place(query["place"])
        if place is None:
            raise Http404
        return Asked(place, "below" in query, self._edition(query), "restated" in query)

    def _edition(self, query):
        """The edition that was asked for, by number or by a day; None for today as it stands."""
        kept = Edition.objects.with_demand()
        if "edition" in query and "as_of" in query:
            raise ValidationError({"as_of": [_("Ask for an edition or for a day, not for both.")]})
        if "edition" in query:
            return one_of_them(kept.filter(pk=query["edition"]))
        if "as_of" not in query:
            return None
        if query["as_of"] > timezone.localdate():
            raise ValidationError({"as_of": [_("This day has not come yet.")]})
        found = kept.filter(as_of__lte=query["as_of"]).order_by("-as_of", "-pk").first()
        if found is None:
            raise NotFound(_("No edition was kept on that day or before."))
        return found


def one_of_them(found):
    """The row, or the answer that tells nothing."""
    row = found.first()
    if row is None:
        raise Http404
    return row


def visible_targets(user):
    found = Target.objects.visible_to(user).select_related("document__region")
    return found.with_programmes().order_by("code")


def targets_of(user, policy, code=None):
    """The targets of a document, or one of them."""
    targets = list(visible_targets(user).filter(document__code=policy))
    if not targets:
        one_of_them(PolicyDocument.objects.visible_to(user).filter(code=policy))
    if code is None:
        return targets
    targets = [target for target in targets if target.code == code]
    if not targets:
        raise Http404
    return targets


def without_null(query):
    if any(isinstance(value, str) and "\0" in value for value in query.values()):
        raise BadRequest(_("What you sent contains characters that cannot be stored."))
    return query


# The doors


class MeasureViewSet(StatisticsViewSet):
    """What can be counted, and what waits for a register."""

    serializer_class = MeasureRow

    @extend_schema(parameters=TABLES, responses=as_tables(MeasureRow(many=True)), examples=[examples.MEASURE])
    def list(self, request):
        self.asked()
        known = rows.of_measures()

        def after(key, limit):
            behind = [row for row in known if key is None or row["key"] > str(key[0])]
            return [_Keyed(row["key"], row) for row in behind[:limit]]

        found = self.paginator.paginate_rows(after, ["key"], request)
        return self.answer([keyed.row for keyed in found])


@dataclass(frozen=True)
class _Keyed:
    key: str
    row: dict


class TargetViewSet(StatisticsViewSet):
    """Targets of the documents that bind or concern one's places."""

    serializer_class = TargetRow

    @extend_schema(
        parameters=[OpenApiParameter("policy", str, description="Code of a document."), *TABLES],
        responses=as_tables(TargetRow(many=True)),
        examples=[examples.TARGET],
    )
    def list(self, request):
        query = without_null(self.asked(policy=str))
        targets = visible_targets(request.user)
        if "policy" in query:
            targets = targets.filter(document__code=query["policy"])
        today = timezone.localdate()
        terms = list(CoverageTerm.objects.in_force(today).select_related("region"))
        return self.answer(
            [rows.of_target(target, today, terms) for target in self.paginate_queryset(targets)]
        )


class AttainmentViewSet(StatisticsViewSet):
    """How far the targets of one document are met; pages of places, all targets of a place together."""

    serializer_class = AttainmentRow

    def get_serializer_class(self):
        return FailingRow if self.action == "failing" else AttainmentRow

    @extend_schema(
        parameters=[
            OpenApiParameter("policy", str, required=True, description="Code of a document."),
            PLACE,
            BELOW,
            OpenApiParameter("target", str, description="Code of one of its targets."),
            EDITION,
            RESTATED,
            AS_OF,
            *TABLES,
        ],
        responses=as_tables(AttainmentRow(many=True)),
        examples=[examples.ATTAINMENT],
    )
    @of_one_moment
    def list(self, request):
        query = without_null(self.asked(policy=str, target=str, **OF_PLACES))
        self._required(query, "policy", "place")
        asked = self._of_places(query)
        targets = targets_of(request.user, query["policy"], query.get("target"))
        places = self.paginate_queryset(asked.places)
        found = reading.read_places(targets, places, edition=asked.edition, restated=asked.restated)
        readings = [one for place in places for one in found[place.pk]]
        counted = [one.computed_at for one in readings if one.computed_at and not one.region.is_community]
        return self.answer(
            [{**rows.of_reading(one, asked.day), **asked.stands} for one in readings],
            changed=max(counted, default=None),
        )

    @extend_schema(
        parameters=[
            OpenApiParameter("target", str, required=True, description="Code of a target."),
            PLACE,
            EDITION,
            RESTATED,
            AS_OF,
            *TABLES,
        ],
        responses=as_tables(FailingRow(many=True)),
        examples=[examples.FAILING],
    )
    @action(detail=False)
    @of_one_moment
    def failing(self, request):
        """Units under a place that fall short of a target that tests unit by unit, place after place.

        In an edition place and target are those of then.
        """
        query = without_null(self.asked(target=str, **{key: OF_PLACES[key] for key in OF_ONE_PLACE}))
        self._required(query, "target", "place")
        asked = self._of_places(query)
        target = one_of_them(visible_targets(request.user).filter(code=query["target"]))
        target, place = asked.then(target)
        check_lists(target)

        def after(key, limit):
            part = {"edition": asked.edition, "restated": asked.restated, "limit": limit}
            return units.failing(target, place, after=_unit_key(key), **part)

        found = self.paginator.paginate_rows(after, ["path", "unit"], request)
        regions = asked.named({unit.region_id for unit in found})
        names = rows.unit_names(target, found, regions, request.user)
        return self.answer(
            [
                {
                    **rows.of_failing(target, unit, regions[unit.region_id], names.get(unit.unit)),
                    **asked.stands,
                }
                for unit in found
            ]
        )


def check_lists(target):
    """An empty list would say that nobody falls short."""
    if not rules.names_failing(target):
        raise ValidationError({"target": [_("This target is not judged unit by unit.")]})
    missing = reading.missing_measures(target)
    if missing:
        told = _("Data are not connected: %(what)s.") % {"what": rows.waits_for(missing)}
        raise ValidationError({"target": [told]})


def _unit_key(key):
    if key is None:
        return None
    path, unit = key
    if not isinstance(path, str) or type(unit) is not int or not 0 <= unit <= LARGEST_ID:
        raise BadRequest(_("This page mark is not valid."))
    return path, unit


class EditionViewSet(StatisticsViewSet):
    """Kept readings: by the month, at each deadline, at the year end, on demand; the newest day first."""

    serializer_class = EditionRow

    @extend_schema(parameters=TABLES, responses=as_tables(EditionRow(many=True)), examples=[examples.EDITION])
    def list(self, request):
        self.asked()
        found = self.paginate_queryset(Edition.objects.order_by("-as_of", "-pk"))
        return self.answer(
            [
                {
                    "id": edition.pk,
                    "kind": edition.kind,
                    "kind_label": str(edition.get_kind_display()),
                    "as_of": edition.as_of.isoformat(),
                    "is_retroactive": edition.is_retroactive,
                    "computed_at": timezone.localtime(edition.computed_at).isoformat(),
                }
                for edition in found
            ]
        )


class TotalViewSet(StatisticsViewSet):
    """Sums of the connected measures, place by place; no special groups among them."""

    serializer_class = TotalRow

    @extend_schema(
        parameters=[
            PLACE,
            BELOW,
            OpenApiParameter("measure", str, description="Key of one measure."),
            EDITION,
            RESTATED,
            AS_OF,
            *TABLES,
        ],
        responses=as_tables(TotalRow(many=True)),
        examples=[examples.TOTAL],
    )
    @of_one_moment
    def list(self, request):
        keys = [measure.key for measure in measures.registered()]
        query = self.asked(measure=keys, **OF_PLACES)
        self._required(query, "place")
        asked = self._of_places(without_null(query))
        keys = [query["measure"]] if "measure" in query else keys
        places = self.paginate_queryset(asked.places)
        found = reading.totals(keys, places, edition=asked.edition, restated=asked.restated)
        return self.answer(
            [
                {**rows.of_total(place, key, found[place.pk][key]), **asked.stands}
                for place in places
                for key in keys
            ],
            changed=reading.counted_at(places, edition=asked.edition),
        )
