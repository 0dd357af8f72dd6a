"""A community with two people who keep the register of volunteers, and one volunteer."""

import pytest

from tests.volunteers import makers


@pytest.fixture
def clerk(world):
    return makers.keeper(world, world.xingfuli.code, "社区专干")


@pytest.fixture
def second(world):
    return makers.keeper(world, world.xingfuli.parent.code, "街道专干")


@pytest.fixture
def stranger(world):
    return makers.keeper(world, world.fukang.code, "外地专干")


@pytest.fixture
def volunteer(world):
    return makers.volunteer(world.xingfuli, "王秀英", makers.identity(1))
