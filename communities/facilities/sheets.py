"""The tables of facilities, stations and what is opened in them."""

from communities.facilities.models import (
    OpenedResource,
    ResourceUse,
    ServiceFacility,
    StandardCheck,
    Station,
)
from linkage.foundation.spreadsheets import describing
from linkage.foundation.spreadsheets.describing import Sheet

PLACE = ("社区", "所属社区", "所在社区", "所在地区")


@describing.register
class ServiceFacilitySheet(Sheet):
    model = ServiceFacility
    keys = (("region", "name"),)
    aliases = {"region": PLACE, "name": ("设施名称", "名称"), "area_m2": ("面积", "建筑面积")}


@describing.register
class StationSheet(Sheet):
    model = Station
    keys = (("region", "kind", "name"),)
    aliases = {"region": PLACE, "name": ("站点名称", "名称")}
    related = ("facility__region",)


@describing.register
class StandardCheckSheet(Sheet):
    model = StandardCheck
    keys = (("station", "checked_on"),)
    order = ("station", "checked_on", "checked_by")
    related = ("station__region",)


@describing.register
class OpenedResourceSheet(Sheet):
    model = OpenedResource
    keys = (("facility", "name"),)
    order = ("facility", "kind", "name", "room")
    related = ("facility__region",)


@describing.register
class ResourceUseSheet(Sheet):
    model = ResourceUse
    keys = (("resource", "used_on", "starts"),)
    order = ("resource", "used_on", "starts", "ends")
    related = ("resource__facility__region",)
