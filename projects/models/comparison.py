"""What changed between two forms as they were handed in: field by field, old beside new."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from communities.consultation.models import Assembly, Hearing, PartyDeliberation, PublicNotice
from projects.models.attachment import Slot
from projects.models.snapshot import FIELDS

RECORDS = {
    "hearing": Hearing,
    "party_deliberation": PartyDeliberation,
    "assembly": Assembly,
    "notice": PublicNotice,
}
ALIKE = 4  # characters that two texts must have in common on end before they are read as one passage


@dataclass(frozen=True)
class Piece:
    """Some words of a line; ``differs`` where the other side does not have them."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Change:
    """One field in two rounds; ``old`` and ``new`` are lists of lines, told apart piece by piece."""

    field: str
    label: str
    old: list
    new: list
    differs: bool = True

    @property
    def old_pieces(self):
        return self._pieces()[0]

    @property
    def new_pieces(self):
        return self._pieces()[1]

    def _pieces(self):
        """Both sides as lists of lines, each a list of pieces. A text is compared by character."""
        if len(self.old) == len(self.new) == 1:
            old, new = _told_apart(self.old[0], self.new[0])
            return [old], [new]
        return (
            [[Piece(line, line not in self.new)] for line in self.old],
            [[Piece(line, line not in self.old)] for line in self.new],
        )


def changes(old: dict, new: dict) -> list[Change]:
    """Which fields differ between two snapshots, in the order of the form."""
    return [change for change in side_by_side(old, new) if change.differs]


def side_by_side(old: dict, new: dict) -> list[Change]:
    """Every field of two snapshots, changed or not."""
    return [
        Change(
            field,
            label,
            _lines(field, old.get(field)),
            _lines(field, new.get(field)),
            _differs(field, old, new),
        )
        for field, label in FIELDS.items()
    ]


def _differs(field, old, new):
    before, after = old.get(field), new.get(field)
    if field == "attachments":
        return _files(before) != _files(after)
    if isinstance(before, dict) and isinstance(after, dict):
        # A form of an earlier release says less about a record than one of today.
        return any(before[name] != after[name] for name in before.keys() & after.keys())
    return before != after


def _files(value):
    """The files of the applicant; scans of signed opinions belong to the offices."""
    return [item for item in value or [] if item["slot"] != Slot.STAMPED_OPINION]


def _told_apart(old, new):
    """Two texts in pieces; short runs in common are no passage, so that words are not torn apart."""
    left, right = [], []
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    a = b = 0
    for block in blocks:
        if block.size and block.size < ALIKE and block.size < min(len(old), len(new)):
            continue
        left.append(Piece(old[a : block.a], True))
        right.append(Piece(new[b : block.b], True))
        a, b = block.a + block.size, block.b + block.size
        left.append(Piece(old[block.a : a]))
        right.append(Piece(new[block.b : b]))
    return [piece for piece in left if piece.text], [piece for piece in right if piece.text]


def _lines(field, value):
    """A snapshot value as lines of words."""
    if value in (None, "", []):
        return []
    match field:
        case "budget":
            return [_money(_beside(line["purpose"], line["basis"]), line["amount"]) for line in value]
        case "sources":
            return [_money(_beside(line["kind"], _word(line["confirmed"])), line["amount"]) for line in value]
        case "requested_subsidy":
            return [_yuan(value)]
        case "collection":
            return _collection(*value)
        case "needs":
            return [_need(need) for need in value]
        case "hearing" | "party_deliberation" | "assembly" | "notice":
            return _record(RECORDS[field], value)
        case "attachments":
            return [_beside(str(Slot(item["slot"]).label), item["name"]) for item in _files(value)]
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


def _record(model, facts):
    """A line for each fact: what it is called, what it says."""
    return [
        _("%(name)s: %(value)s") % {"name": field.verbose_name, "value": facts[field.name]}
        for field in model._meta.concrete_fields
        if facts.get(field.name) not in (None, "")
    ]


def _collection(first, last, suggestions):
    lines = [_("%(first)s to %(last)s") % {"first": first, "last": last}] if first and last else []
    if suggestions is not None:
        lines.append(_("%(count)s suggestions") % {"count": suggestions})
    return lines


def _need(need):
    words = [need["title"], need["group"], need["field"], need["method"]]
    if need["people"]:
        words.append(_("%(count)s people") % {"count": need["people"]})
    return " · ".join(word for word in words if word)


def _money(name, amount):
    return f"{name} {_yuan(amount)}"


def _yuan(amount):
    try:
        return _("%(amount)s yuan") % {"amount": f"{Decimal(amount):,.2f}"}
    except InvalidOperation:
        return str(amount)


def _beside(name, note):
    return f"{name}（{note}）" if note else name


def _word(confirmed):
    return _("secured") if confirmed else _("not yet secured")
