"""What is counted of social workers: heads by the six definitions (DOMAIN §2.2), and measures of units."""

from . import places, posts
from .heads import (
    certified_staff,
    community_staff,
    org_employees,
    org_staff_fulltime,
    professional_staff,
    sw_certified,
    sw_employee,
    sw_fulltime_or_parttime,
    sw_professional,
    sw_worker,
)

MEASURES = [*places.MEASURES, *posts.MEASURES]

__all__ = [
    "MEASURES",
    "certified_staff",
    "community_staff",
    "org_employees",
    "org_staff_fulltime",
    "professional_staff",
    "sw_certified",
    "sw_employee",
    "sw_fulltime_or_parttime",
    "sw_professional",
    "sw_worker",
]
