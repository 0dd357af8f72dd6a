"""What must hold of social workers, and what is merely remarked, each with its source (DOMAIN §5.4)."""

import calendar
from datetime import timedelta
from fractions import Fraction

from organizations.codes import QualificationLevel
from socialwork.codes import RegistrationStatus

# 《社会工作者职业水平证书登记办法》民发〔2009〕44号
REGISTRATION_YEARS = 3  # the same number stands in the database: CertificateRegistration.ends_on
FIRST_REGISTRATION_YEARS = 1  # after passing
NOTICE = timedelta(days=90)  # registered anew within the three months before the end

# 《社会工作者继续教育办法》民发〔2009〕123号: hours of a registration period
EDUCATION_HOURS = {
    QualificationLevel.ASSISTANT: 72,
    QualificationLevel.INTERMEDIATE: 90,
    QualificationLevel.SENIOR: 90,
}
DEGREE_HOURS = 90  # of a social-work degree obtained in the period, once
REMINDED = timedelta(days=365)  # before the end of a period, hours still missing are remarked

# CQ-2.2.3h: of all posts of a social-work agency
PROFESSIONAL_SHARE = Fraction(70, 100)

# The highest first: of several certificates the highest counts.
LEVELS = (QualificationLevel.SENIOR, QualificationLevel.INTERMEDIATE, QualificationLevel.ASSISTANT)


def years_after(day, years):
    """The same day so many years on, as PostgreSQL counts: of 29 February the 28th."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def registration_status(ends_on, day):
    """有效, 待再登记 or 过期, of a registration that ends so, as of a day."""
    if ends_on < day:
        return RegistrationStatus.EXPIRED
    if ends_on - day <= NOTICE:
        return RegistrationStatus.DUE
    return RegistrationStatus.VALID


def months_between(first, last):
    """How many months a span of days touches: 2026-01-01 to 2026-03-31 are three."""
    return (last.year - first.year) * 12 + last.month - first.month + 1
