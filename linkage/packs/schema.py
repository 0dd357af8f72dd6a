"""Schema 1: the tables of a pack and their fields. ``docs/policy-packs.md`` is the same in prose."""

from linkage.attainment.codes import Kind, Missing, Nature, Reach, Rule, Scope, UnitKind
from linkage.foundation.workdays import LONGEST
from linkage.packs.fields import (
    between,
    clause,
    code,
    day,
    doc_no,
    flag,
    key,
    list_of,
    measure,
    needed,
    one_of,
    optional,
    region_code,
    share,
    text,
    threshold,
    whole,
)
from linkage.policy.models import PolicyDocument
from projects.models import Slot
from projects.models.scoring import FULL
from projects.procedure import (
    DECISION_FIELDS,
    ESCALATE_AFTER,
    EVIDENCE_FIELDS,
    EVIDENCE_SIGNED,
    FILE_PREFIX,
    FORM_FIELDS,
    LEVELS,
    NOTICE_DAYS,
    REPORT_AHEAD,
    REPORT_GRACE,
    REPORT_MONTHS,
    STEP_DAYS,
    AfterReturn,
    Applicants,
    Doing,
    JointNeed,
    ProgrammeNature,
    QuotaKey,
    StepKind,
)

SCHEMA = 1

THRESHOLDS = ["at_least", "at_most", "between", "term"]

EVIDENCE_WORDS = sorted({field for fields in EVIDENCE_FIELDS.values() for field in fields}) + [
    FILE_PREFIX + slot for slot in Slot.values
]

DOCUMENT = {
    "code": needed(code),
    "title": needed(text(200)),
    "doc_no": optional(doc_no, ""),
    "issuers": needed(list_of(text(60), least=1)),
    "territory": needed(text(60)),
    "region": needed(region_code),
    "issued_on": optional(day),
    "year": optional(whole(1949, 2100)),
    "effective_from": optional(day),
    "effective_to": optional(day),
    "linkage_model": needed(whole(3, 5)),
    "kind": needed(one_of(PolicyDocument.Kind.values)),
    "addressees": optional(text(1000), ""),
}

CLAUSE = {
    "number": needed(clause),
    "heading": optional(text(120), ""),
    "text": needed(text(20_000)),
}

TARGET = {
    "code": needed(code),
    "clause": needed(clause),
    "quote": needed(text(200)),
    "period_start": optional(day),
    "deadline": optional(day),
    "kind": optional(one_of(Kind.values), Kind.ALL),
    "scope": optional(one_of(Scope.values), Scope.ALL),
    "unit": needed(one_of(UnitKind.values)),
    "rule": needed(one_of(Rule.values)),
    "metric": needed(measure),
    "per": optional(measure, ""),
    "at_least": optional(threshold),
    "at_most": optional(threshold),
    "between": optional(between),
    "term": optional(text(20), ""),
    "share": optional(share),
    "reach": optional(one_of(Reach.values), Reach.OWN),
    "nature": optional(one_of(Nature.values), Nature.EXPECTED),
    "soft": optional(flag, False),
    "missing": optional(one_of(Missing.values), Missing.STRICT),
    "note": optional(text(300), ""),
}

BENCHMARK = {
    "code": needed(code),
    "clause": needed(clause),
    "quote": needed(text(200)),
    "rule": optional(one_of(Rule.values), Rule.TOTAL),
    "metric": optional(measure, ""),
    "per": optional(measure, ""),
    "value": needed(threshold),
    "beside": optional(list_of(code), []),
    "note": optional(text(300), ""),
}

PROGRAMME = {
    "code": needed(code),
    "title": needed(text(200)),
    "form_title": needed(text(200)),
    "notice_days": optional(whole(1, 365), NOTICE_DAYS),
    "notice_in_working_days": optional(flag, False),
    "step_days": optional(whole(1, LONGEST), STEP_DAYS),
    "after_return": optional(one_of(AfterReturn.values), AfterReturn.WHOLE_CHAIN),
    "escalate_after": optional(whole(1, LONGEST), ESCALATE_AFTER),
    "report_months": optional(whole(0, 12), REPORT_MONTHS),
    "report_grace": optional(whole(0, 90), REPORT_GRACE),
    "report_ahead": optional(whole(0, 90), REPORT_AHEAD),
    "nature": optional(one_of(ProgrammeNature.values), ProgrammeNature.DOCUMENT),
    "note": optional(text(500), ""),
    "applicants": optional(one_of(Applicants.values), Applicants.PILOTS),
    "active": optional(flag, True),
}

PILOTS = {
    "clause": needed(clause),
    "at_least": optional(whole(1, 1000)),
    "at_most": optional(whole(1, 1000)),
}

PILOT_AREA = {
    "region": needed(region_code),
    "communities": optional(list_of(region_code), []),
    "basis": needed(text(200)),
    "designated_on": needed(day),
}

PHASE = {
    "key": needed(key()),
    "name": needed(text(60)),
    "clause": optional(clause, ""),
    "quote": optional(text(200), ""),
    "starts_on": needed(day),
    "ends_on": needed(day),
    "allows": needed(list_of(one_of(Doing.values), least=1)),
    "deliverable": optional(text(200), ""),
}

TRACK = {
    "key": needed(key()),
    "name": needed(text(60)),
    "clause": optional(clause, ""),
    "quote": optional(text(200), ""),
    "counts_against_quota": needed(flag),
    "final_level": needed(one_of([level for level in LEVELS if level != "community"])),
}

QUOTA = {
    "key": needed(one_of(QuotaKey.values)),
    "name": needed(text(60)),
    "limit": needed(whole(1, 1_000_000)),
    "clause": optional(clause, ""),
    "quote": optional(text(200), ""),
    "target": optional(code, ""),
}

STEP = {
    "key": needed(key(30)),
    "level": needed(one_of(list(LEVELS))),
    "kind": needed(one_of(StepKind.values)),
    "verb": needed(text(20)),
    "title": needed(text(60)),
    "village_title": optional(text(60), ""),
    "clause": optional(clause, ""),
    "quote": optional(text(200), ""),
    "days": optional(whole(1, LONGEST)),
    "requires": optional(list_of(one_of(EVIDENCE_WORDS)), []),
    "signs": optional(list_of(one_of(FORM_FIELDS + EVIDENCE_SIGNED + DECISION_FIELDS)), []),
    "opinion": optional(text(60), ""),
    "opinion_template": optional(text(200), ""),
    "return_template": optional(text(200), ""),
    "two_level": optional(flag, False),
    "two_people": optional(flag, False),
    "joint_sections": optional(list_of(text(40)), []),
    "joint_need": optional(one_of(JointNeed.values), JointNeed.ALL.value),
}

CRITERION = {
    "name": needed(text(60)),
    "points": needed(whole(1, FULL)),
    "clause": optional(clause, ""),
    "quote": optional(text(200), ""),
}

FORM_ROW = {
    "number": needed(whole(0, 99)),
    "label": needed(text(60)),
    "prompt": optional(text(200), ""),
    "fields": optional(list_of(one_of(FORM_FIELDS)), []),
    "step": optional(key(40), ""),
}

# The tables of a file: fields, and whether there may be several.
TABLES = {
    ("document",): (DOCUMENT, False),
    ("clause",): (CLAUSE, True),
    ("target",): (TARGET, True),
    ("benchmark",): (BENCHMARK, True),
    ("programme",): (PROGRAMME, False),
    ("programme", "pilots"): (PILOTS, False),
    ("programme", "pilot_area"): (PILOT_AREA, True),
    ("programme", "phase"): (PHASE, True),
    ("programme", "track"): (TRACK, True),
    ("programme", "quota"): (QUOTA, True),
    ("programme", "step"): (STEP, True),
    ("programme", "criterion"): (CRITERION, True),
    ("programme", "form_row"): (FORM_ROW, True),
}
# What a file holds that gives a document of another file a programme: ``document = "CODE"`` and these.
OF_A_PROGRAMME = [
    ("programme",),
    ("programme", "phase"),
    ("programme", "track"),
    ("programme", "step"),
    ("programme", "form_row"),
]
REQUIRED = [
    ("document",),
    ("clause",),
    ("programme", "phase"),
    ("programme", "track"),
    ("programme", "step"),
    ("programme", "form_row"),
]
