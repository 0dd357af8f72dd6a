"""The list of pilot communities (试点社区名单) as a table: what the meeting has settled comes back in.

Each new line is named by the verb of the page of pilot places; one that is named already stays as it is.
"""

from datetime import date

from django.core.exceptions import BadRequest, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Level, Region
from linkage.foundation.errors import NotNow
from linkage.foundation.models import StagedRow
from linkage.foundation.spreadsheets import applying, cells, describing, kinds
from linkage.foundation.spreadsheets.describing import Column, Sheet, digest
from projects import rules
from projects.models import PilotArea, PilotCommunity, Programme
from projects.procedure import Doing
from projects.services import programme as verbs

AREAS = (Level.CITY, Level.COUNTY)


@describing.register
class PilotCommunitySheet(Sheet):
    model = PilotCommunity
    on_desk, nav = False, "programme"
    order = ("area", "region", "designated_on", "basis", "programme")
    leave_out = ("programme", "area", "by")
    free = ("designated_on",)
    aliases = {
        "region": ("试点社区", "社区名称", "社区（村）", "社区", "试点社区名称"),
        "designated_on": ("确定时间", "确定日期", "命名日期"),
        "basis": ("文号", "依据文件", "确定依据"),
    }
    examples = {
        "region": "雁南街道 › 幸福里社区",
        "designated_on": "2016-08-01",
        "basis": "兰民发〔2016〕25号",
    }
    related = ("programme", "area__region")
    about = gettext_lazy("Known by the programme and the community. Those named already stay as they are.")

    def first_columns(self):
        return [
            Column(
                "area",
                str(PilotArea._meta.verbose_name),
                kinds.Place(AREAS),
                help=_("The pilot city or county; one not named yet is named by the owner of the programme."),
                example="城关区",
                aliases=("试点单位", "试点市县", "试点县区", "试点县（市、区）"),
                attname="area_id",
            ),
            Column(
                "programme",
                str(Programme._meta.verbose_name),
                kinds.Text(100),
                help=_("Title or code; only where several programmes name pilot places."),
                aliases=("试点项目", "方案", "试点方案名称"),
                attname="programme_id",
            ),
        ]

    def kind_of(self, one):
        return kinds.Place((Level.COMMUNITY,), kept=True) if one.name == "region" else super().kind_of(one)

    # Whose it is

    def keepers(self, user):
        """The deciding and administering posts at the territory of a programme or at a pilot area."""
        posts = [post for post in user.current_posts if post.decides or post.administers]
        homes = {post.office.region_id for post in posts}
        naming = set(Programme.objects.filter(region__in=homes).values_list("region", flat=True))
        naming |= set(PilotArea.objects.filter(region__in=homes).values_list("region", flat=True))
        return [post for post in posts if post.office.region_id in naming]

    def readers(self, user):
        return user.current_posts if user.is_authenticated else []

    def listed(self, user, query):
        named = Programme.objects.visible_to(user).filter(code=query.get("programme", ""))
        if set(query) - {"programme"} or (query and not named.exists()):
            raise BadRequest
        rows = PilotCommunity.objects.filter(region__in=Region.objects.visible_to(user))
        if "programme" in query:
            rows = rows.filter(programme__code=query["programme"])
        return rows.order_by("region__path", "pk")

    def list_url(self, query=None):
        return reverse("projects:pilots", args=[query["programme"]]) if query else reverse("desk:programme")

    # The check

    def find_more(self, check, lines):
        by = check.user
        if not hasattr(check, "programmes"):
            check.programmes = _named_by(by)
            areas = PilotArea.objects.filter(programme__in=check.programmes)
            check.areas = {(one.programme_id, one.region_id): one for one in areas.select_related("region")}
        regions = {at for line in lines if isinstance(at := line.given.get("region"), int)}
        rows = check.standing().filter(region__in=regions, programme__in=check.programmes)
        named = {(row.programme_id, row.region_id): row for row in rows}
        for line in lines:
            if line.old is not None:
                line.programme = line.old.programme
                continue
            line.programme = self._programme(check, line)
            at = line.given.get("region")
            if line.programme is not None and isinstance(at, int):
                line.old = named.get((line.programme.pk, at))
                line.key = digest("pilot", line.programme.pk, at)

    def _programme(self, check, line):
        said = line.given.get("programme")
        found = check.programmes
        if isinstance(said, str) and said:
            found = [
                one for one in found if cells.folded(said) in (one.code.lower(), cells.folded(one.title))
            ]
        if len(found) == 1:
            return found[0]
        words = _("Several programmes name pilot places: say which.") if not said else _("No such programme.")
        line.refuse("programme", ValidationError(words))
        return None

    def put(self, check, line, name, value):
        if name == "area":
            line.area = value
        elif name != "programme":
            super().put(check, line, name, value)

    def settle(self, check, line):
        new = line.new
        new.programme = line.programme
        if line.old is None:
            new.designated_on = new.designated_on or timezone.localdate()

    def judge(self, check, line):
        by, new, old, programme = check.user, line.new, line.old, line.programme
        said = getattr(line, "area", None)
        if old is not None:
            words = _("Named on %(day)s already; that is not changed by a table.") % {
                "day": old.designated_on
            }
            wrong = {
                name: words for name in ("designated_on", "basis") if getattr(new, name) != getattr(old, name)
            }
            if said is not None and said.pk != old.area.region_id:
                wrong["area"] = words
            return wrong
        governs = rules.governs_programme(by, programme)
        if not programme.region.contains(new.region):
            return {"region": _("This region lies outside the territory of the programme.")}
        area, wrong = self._area(check, programme, new.region), {}
        if said is not None and not said.contains(new.region):
            wrong["area"] = _("This community does not lie there.")
        elif said is not None and (programme.pk, said.pk) not in check.areas:
            if governs:
                line.beside, area = {"area": said.pk}, None
            else:
                wrong["area"] = _("This is no pilot area; only the owner of the programme names one.")
        elif area is None:
            wrong["region"] = _("This community does not lie in a pilot area.")
        if area is not None and not (governs or rules.names_pilots(by, area)):
            wrong["region"] = _("Pilot communities are named by the office of the pilot area or above it.")
        if new.designated_on > timezone.localdate():
            wrong["designated_on"] = _("This day lies in the future.")
        elif shut := programme.why_not_open_for(Doing.DESIGNATING, new.designated_on):
            wrong["designated_on"] = shut
        if area is None:
            new.area_id, vars(new)["named_area"] = None, said
        else:
            new.area = area
        return wrong

    @staticmethod
    def _area(check, programme, region):
        """The pilot area a community lies in; the nearest where two are nested."""
        found = [
            area
            for (owner, _region), area in check.areas.items()
            if owner == programme.pk and area.region.contains(region)
        ]
        return max(found, key=lambda area: area.region.level, default=None)

    def value_of(self, row, column):
        if column.name == "area":
            named = vars(row).get("named_area")
            return named or (row.area.region if row.area_id else None)
        if column.name == "programme":
            return row.programme.title
        return super().value_of(row, column)

    # The import

    def write(self, cursor, sheet_import, by):
        rows = StagedRow.objects.filter(sheet_import=sheet_import, outcome="new").order_by("number")
        count = 0
        try:
            for row in rows:
                programme = Programme.objects.prefetch_related("phases").get(pk=row.values["programme_id"])
                on = date.fromisoformat(row.values["designated_on"])
                basis = row.values.get("basis", "")
                area = (row.beside or {}).get("area")
                if area and not programme.pilot_areas.filter(region=area).exists():
                    verbs.name_pilot_area(programme, Region.objects.get(pk=area), by=by, basis=basis)
                verbs.designate_pilot(programme, Region.objects.get(pk=row.place), by=by, on=on, basis=basis)
                count += 1
        except NotNow as error:
            raise applying.Moved(str(error)) from error
        return {"new": count, "changed": 0}


def _named_by(user):
    """The programmes whose pilot places this person names, all or those of an area."""
    found = Programme.objects.visible_to(user).select_related("region").prefetch_related("phases")
    return [
        programme
        for programme in found
        if rules.governs_programme(user, programme)
        or any(rules.names_pilots(user, area) for area in programme.pilot_areas.all())
    ]
