"""Charity resources over REST: entities, funds, donations, money by source."""

from rest_framework import serializers

from linkage.foundation.register_api import viewset
from organizations.charity.models import CharityEntity, Donation, FundBudget, SpecialFund

CharityEntityViewSet = viewset(
    CharityEntity,
    about="Foundations, love supermarkets and mutual-aid associations.",
    fields=[
        *("region", "name", "kind", "organization", "facility", "instruments", "address", "contact"),
        *("office_phone", "valid_from", "valid_to"),
    ],
    filters=["kind", "organization", "facility", "instruments"],
)

SpecialFundViewSet = viewset(
    SpecialFund,
    about="Special funds of charity entities.",
    fields=["entity", "name", "purpose", "founder", "valid_from", "valid_to"],
    filters=["entity"],
)

DonationViewSet = viewset(
    Donation,
    about="Donations. Whoever wishes to stay unnamed is 爱心人士; a mistake is a row that reverses another.",
    fields=[
        *("entity", "fund", "donor_kind", "donor", "kind", "amount", "description", "wish"),
        *("received_on", "receipt_no", "receipt_on", "reverses", "reason"),
    ],
    computed={"donor": serializers.CharField(source="shown_donor", read_only=True)},
    filters=["entity", "fund", "donor_kind", "kind", "receipt_no"],
)

FundBudgetViewSet = viewset(
    FundBudget,
    about="What a place has planned of one source for one purpose in one year.",
    fields=["region", "year", "source", "purpose", "amount", "adopted_on", "doc_no", "note"],
    filters=["year", "source", "purpose"],
)
