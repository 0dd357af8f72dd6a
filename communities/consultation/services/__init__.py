"""How a community consults: meetings, public notice, objection, answer. Every change is here."""

from communities.consultation.services.meetings import (
    announce_meeting,
    call_off_meeting,
    correct_assembly,
    correct_deliberation,
    correct_hearing,
    record_assembly,
    record_deliberation,
    record_hearing,
)
from communities.consultation.services.notices import (
    answering_office,
    change_notice,
    draft_notice,
    publish_notice,
    take_down_notice,
)
from communities.consultation.services.objections import object_to, settle_objection

__all__ = [
    "announce_meeting",
    "answering_office",
    "call_off_meeting",
    "change_notice",
    "correct_assembly",
    "correct_deliberation",
    "correct_hearing",
    "draft_notice",
    "object_to",
    "publish_notice",
    "record_assembly",
    "record_deliberation",
    "record_hearing",
    "settle_objection",
    "take_down_notice",
]
