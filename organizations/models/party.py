"""The Party organisation of a social organisation (CQ-2.2.2h, HB-3.1c)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linkage.foundation import journal
from linkage.foundation.ledger import Spanned
from organizations.codes import PartyForm
from organizations.models.organization import SocialOrganization
from organizations.models.spans import never_twice_at_a_time
from organizations.models.ties import OfOrganization


@journal.tracked()
class PartyOrganization(Spanned, OfOrganization):
    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="party_organizations",
        verbose_name=_("social organisation"),
    )
    name = models.CharField(_("name of the Party organisation"), max_length=100)
    form = models.CharField(_("form of building"), max_length=20, choices=PartyForm)
    superior = models.CharField(_("Party organisation above"), max_length=100, blank=True)

    class Meta(Spanned.Meta):
        verbose_name = _("Party organisation")
        verbose_name_plural = _("Party organisations")
        ordering = ["organization_id", "valid_from"]
        constraints = [
            *Spanned.Meta.constraints,
            never_twice_at_a_time(
                "party_organization_one_at_a_time",
                "organization",
                message=_("The organisation has a Party organisation in these days already."),
            ),
        ]

    def __str__(self):
        return self.name
