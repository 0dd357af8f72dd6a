"""People in a small Gansu: whoever is needed, with a valid number or without."""

import pytest
from stdnum.cn import ric

from communities.people import services
from communities.people.models import CommunityStaff


def number(serial, born="19800101"):
    """A valid identity number of nobody."""
    digits = f"620102{born}{serial:03d}0"
    return digits[:17] + ric.calc_check_digit(digits)


@pytest.fixture
def staff():
    """``staff(community, "马晓燕", 1, roles=[…])``: a row of community staff; 0: without a number."""

    def make(community, name, serial, **facts):
        row = CommunityStaff(region=community, name=name, **{"roles": ["full_time_worker"], **facts})
        services.settle(row, id_number=number(serial) if serial else "")
        row.save()
        return row

    return make
