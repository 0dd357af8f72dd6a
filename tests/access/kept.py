"""The registers filled at three places: every text there is a canary, every number a seeded one."""

from django.apps import apps

from tests.access.story import NEVER, Story, canary
from tests.registers.rows import Rows


def kept_at(region):
    return canary(region, "kept")


class Kept(Story):
    """The people of the story and, near, in the next county and in another city, a row of every register."""

    def __init__(self, world):
        self.world = world
        self._people()
        self._names()
        self.places = {"near": world.xingfuli, "beside": world.hekou, "far": world.fukang}
        self.rows = {label: Rows(place, kept_at) for label, place in self.places.items()}
        for rows in self.rows.values():
            rows.all()

    def row(self, register, label):
        """The row of a register that lies near, beside or far."""
        return self.rows[label][apps.get_model(*register.split("/"))]

    def pk(self, register, label):
        return self.row(register, label).pk if label in self.rows else NEVER
