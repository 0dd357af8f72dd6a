"""A little Gansu from a file, and people who administer parts of it."""

import pytest

from communities import services
from communities.models import Region
from communities.offices.models import Office, Post, User
from communities.services import divisions

ROWS = """code,name
62,甘肃省
6201,兰州市
620102,城关区
620102001,酒泉路街道
620102001001,畅家巷社区
620102001002,兰工坪社区
620102002,张掖路街道
620102002001,大众巷社区
620102002200,贤后村
620103,七里河区
620103001,西园街道
620103001001,西园社区
6202,嘉峪关市
620201,嘉峪关市
620201001,雄关街道
620201001001,福民社区
63,青海省
6301,西宁市
"""


@pytest.fixture
def tree(db, tmp_path):
    path = tmp_path / "tree.csv"
    path.write_text(ROWS, encoding="utf-8")
    services.load(divisions.places(path))
    return path


@pytest.fixture
def at(tree):
    """``at("620102")``: the place with that code, as it is now."""
    return lambda code: Region.objects.get(code=code)


@pytest.fixture
def person(at):
    """``person("62")``: somebody with a post there, an administrator unless said otherwise."""

    def make(code, role="administrator"):
        region = at(code)
        office, _ = Office.objects.get_or_create(region=region, defaults={"name": f"{region.name}民政局"})
        user = User.objects.create(username=f"{role}-{code}", name=f"{region.name}管理员")
        Post.objects.create(user=user, office=office, role=role)
        return user

    return make


@pytest.fixture
def admin(person):
    return person("62")
