"""A province to load packs into, and the shipped Gansu pack to spoil."""

import pytest

from communities.models import Region
from linkage.packs.services import SHIPPED

TREE = [
    ("62", "甘肃省", 1, None),
    ("6201", "兰州市", 2, "62"),
    ("620102", "城关区", 3, "6201"),
    ("620102020", "雁南街道", 4, "620102"),
    ("620102020001", "幸福里社区", 5, "620102020"),
]


@pytest.fixture
def gansu(db):
    regions = {}
    for code, name, level, parent in TREE:
        above = regions.get(parent)
        regions[code] = Region.objects.create(
            code=code,
            name=name,
            level=level,
            parent=above,
            path=f"{above.path if above else ''}{code}/",
            kind="urban" if level == 5 else "",
            committee="residents" if level == 5 else "",
        )
    return regions


@pytest.fixture
def spoilt(tmp_path):
    """The Gansu pack with one text replaced by another; returns the path and a finder of lines."""

    def spoil(*replacements, name="gansu-2016.toml"):
        text = (SHIPPED / name).read_text()
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "spoilt.toml"
        path.write_text(text)
        return path

    return spoil


@pytest.fixture
def line_of():
    def find(path, text):
        return next(number for number, line in enumerate(path.read_text().split("\n"), 1) if text in line)

    return find
