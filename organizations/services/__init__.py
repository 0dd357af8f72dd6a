"""What can happen to an organisation: every move, change of status and step of an incubation is here."""

from .changing import change_status, move_tier
from .importing import note_imported
from .incubation import admit, assess, decline, graduate, leave
from .sealing import seal_leader_phone

__all__ = [
    "admit",
    "assess",
    "change_status",
    "decline",
    "graduate",
    "leave",
    "move_tier",
    "note_imported",
    "seal_leader_phone",
]
