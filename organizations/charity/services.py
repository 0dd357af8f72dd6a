"""What can happen to gifts: a donation is reversed, goods are booked in and out, a fund is drawn on."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linkage.foundation.errors import NotNow
from organizations.charity.codes import INWARD, MovementKind
from organizations.charity.models import Donation, FundUse, StockMovement
from organizations.services.keeping import locked, refuse, wrong_day, wrong_reason


@transaction.atomic
def reverse(donation, *, by, happened_on, reason):
    """Take a donation back by a row of its own; what was written stays as it was."""
    row = locked(donation, by=by)
    if row.reverses_id is not None:
        raise NotNow(_("This entry is itself a reversal."))
    if row.is_reversed:
        raise NotNow(_("This donation has been reversed already."))
    refuse(happened_on=wrong_day(happened_on, row.received_on), reason=wrong_reason(reason))
    if row.fund_id is not None and row.amount:
        fund = locked(row.fund, by=by)
        if fund.balance < row.amount:
            raise NotNow(_("The fund has used this money already; its balance would fall below nothing."))
    reversal = Donation(
        entity=row.entity,
        fund=row.fund,
        donor_kind=row.donor_kind,
        donor_name=row.donor_name,
        hide_name=row.hide_name,
        kind=row.kind,
        amount=row.amount,
        description=row.description,
        received_on=happened_on,
        handler=by.name[:50],
        reverses=row,
        reason=reason.strip()[:200],
    )
    reversal.save()
    return reversal


@transaction.atomic
def book(item, *, by, kind, quantity, happened_on, donation=None, purpose="", households=None, handler=""):
    """Goods in or out. Two clerks at once never give out more than there is."""
    row = locked(item, by=by)
    if kind not in MovementKind.values:
        refuse(kind=_("Choose whether goods come in or go out."))
    short = kind not in INWARD and quantity is not None and quantity > row.quantity
    refuse(
        happened_on=wrong_day(happened_on),
        quantity=_("Give a quantity above nothing.")
        if quantity is None or quantity <= 0
        else short and _("Only %(left)s %(unit)s are in stock.") % {"left": row.quantity, "unit": row.unit},
        purpose="" if kind == MovementKind.RECEIVED or purpose.strip() else _("Say what for."),
        donation=_("This donation went to another entity.")
        if donation is not None and donation.entity_id != row.entity_id
        else "",
    )
    movement = StockMovement(
        item=row,
        kind=kind,
        quantity=quantity,
        happened_on=happened_on,
        donation=donation,
        purpose=purpose.strip(),
        households=households,
        handler=handler.strip() or by.name[:50],
    )
    movement.full_clean()
    movement.save()
    row.quantity += movement.effect
    row.save(update_fields=["quantity"])
    return movement


@transaction.atomic
def draw(fund, *, by, amount, happened_on, instrument, purpose, recipient=""):
    """Use money of a special fund, as far as there is any."""
    row = locked(fund, by=by)
    problems = {"happened_on": wrong_day(happened_on, row.valid_from)}
    if amount is None or amount <= 0:
        problems["amount"] = _("Give an amount above nothing.")
    elif amount > row.balance:
        problems["amount"] = _("Only %s yuan are left in the fund.") % f"{row.balance:,.2f}"
    refuse(**problems)
    use = FundUse(
        fund=row,
        used_on=happened_on,
        amount=amount,
        instrument=instrument,
        purpose=purpose,
        recipient=recipient,
    )
    try:
        use.full_clean()
    except ValidationError as error:
        refuse(**{name: texts[0] for name, texts in error.message_dict.items()})
    use.save()
    return use
