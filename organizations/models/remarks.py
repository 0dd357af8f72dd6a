"""What is remarked of an organisation, though it may stand as it is: each sentence with its source."""

from datetime import timedelta

from django.utils.translation import gettext as _

from linkage.foundation.money import wan
from organizations import rules
from organizations.codes import HandlingTier, OrgForm


def of_the_register(organization):
    """Sizes the national rules ask of a registration; localities may relax them (DOMAIN §5.6)."""
    if organization.is_community_org and any(
        word in organization.name for word in rules.NOT_COMMUNITY_ORGANIZATIONS
    ):
        yield _(
            "Committees of residents, villagers or owners, and companies, "
            "are no community social organisations."
        )
    if organization.tier == HandlingTier.REGISTERED:
        if organization.legal_form == OrgForm.ASSOCIATION:
            yield from _of_members(organization)
        yield from _of_funds(organization)


def _of_members(organization):
    people, units = organization.individual_members, organization.unit_members
    if people is None and units is None:
        return
    people, units = people or 0, units or 0
    enough = (
        people >= rules.INDIVIDUAL_MEMBERS
        or units >= rules.UNIT_MEMBERS
        or (people and units and people + units >= rules.ALL_MEMBERS)
    )
    if not enough:
        yield _(
            "An association is to have 50 individual or 30 unit members, or 50 of both "
            "〔社会团体登记管理条例第十条〕; here there are %(people)s and %(units)s."
        ) % {"people": people, "units": units}


def _of_funds(organization):
    least = {
        OrgForm.ASSOCIATION: rules.ASSOCIATION_FUNDS,
        OrgForm.FOUNDATION: rules.PUBLIC_FOUNDATION_FUNDS
        if organization.public_fundraising
        else rules.FOUNDATION_FUNDS,
    }.get(organization.legal_form)
    if least and organization.initial_funds is not None and organization.initial_funds < least:
        yield _("The registered funds are under %(least)s (%(source)s).") % {
            "least": f"{wan(least)} 万元",
            "source": "基金会管理条例第八条"
            if organization.legal_form == OrgForm.FOUNDATION
            else "社会团体登记管理条例第十条",
        }


def of_the_days(organization, on):
    """What runs out, or has."""
    if organization.tier == HandlingTier.FILED and organization.filing_valid_to:
        if organization.filing_valid_to < on:
            yield _("The filing ended on %s: file it anew or strike it.") % organization.filing_valid_to
        elif organization.filing_valid_to <= on + rules.FILING_NOTICE:
            yield _("The filing ends on %s.") % organization.filing_valid_to
    if organization.pk is None:
        return
    newest = organization.ratings.standing().order_by("-issued_on").first()
    if newest is not None and newest.valid_to < on:
        yield _("The rating %(grade)s ended on %(day)s and counts no more.") % {
            "grade": newest.grade,
            "day": newest.valid_to,
        }
    elif newest is not None and newest.valid_to <= on + timedelta(days=90):
        yield _("The rating %(grade)s ends on %(day)s.") % {"grade": newest.grade, "day": newest.valid_to}
