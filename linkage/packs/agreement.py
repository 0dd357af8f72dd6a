"""What the tables of a pack owe each other: clauses that exist, dates in order, steps that climb."""

from django.utils.translation import gettext as _

from linkage.attainment.codes import (
    BEFORE,
    RULES_WITH_OR_WITHOUT_PER,
    RULES_WITH_PER,
    RULES_WITH_SHARE,
    RULES_WITHOUT_THRESHOLD,
    Rule,
    keys_of,
)
from linkage.packs.schema import FULL, THRESHOLDS
from projects.procedure import (
    DECISION_FIELDS,
    EVIDENCE_FIELDS,
    FILE_PREFIX,
    LEVELS,
    Doing,
    ProgrammeNature,
    StepKind,
)

EXAMPLE = "示例"  # stands in every name of an example procedure, so that each page and paper says it


def check(pack):
    _document(pack)
    _clauses(pack)
    _targets(pack)
    if pack.programme is not None:
        _sources(pack)
        if not pack.belongs_to:
            cited_clauses(pack, pack.clauses)
        _pilots(pack)
        _phases(pack)
        _steps(pack)
        _tracks(pack)
        _quotas(pack)
        _criteria(pack)
        _form_rows(pack)


def _document(pack):
    document = pack.document
    if document is None:
        return
    if document["issued_on"] is None and document["year"] is None:
        pack.refuse((*document.place, "issued_on"), _("give the date, or at least the year"))
    elif document["issued_on"] and document["year"] and document["issued_on"].year != document["year"]:
        pack.refuse((*document.place, "year"), _("is not the year of issued_on"))
    _in_order(pack, document, "effective_from", "effective_to")


def _clauses(pack):
    _once(pack, pack.clauses, "number")


def _targets(pack):
    _once(pack, [*pack.targets, *pack.benchmarks], "code")
    for row in [*pack.targets, *pack.benchmarks]:
        _cites(pack, row, pack.clauses)
        _quotes(pack, row, pack.clauses)
    for row in pack.targets:
        _in_order(pack, row, "period_start", "deadline")
        if row["rule"] is not None:
            _bounds(pack, row)
            _measures(pack, row)


def _bounds(pack, row):
    """One bound, as the rule needs it; beside a coverage word, at_least is what this target takes it for."""
    rule, given = row["rule"], [name for name in THRESHOLDS if name in row.given]
    if rule in RULES_WITHOUT_THRESHOLD:
        for name in given:
            pack.refuse((*row.place, name), _("this rule has no bound"))
    elif len(given) != 1 and given != ["at_least", "term"]:
        pack.refuse(
            (*row.place, "rule"), _("needs exactly one of: %(words)s") % {"words": ", ".join(THRESHOLDS)}
        )
    elif rule in (Rule.QUOTA, Rule.CAP) and given != ["at_most"]:
        pack.refuse((*row.place, given[0]), _("this rule needs at_most"))
    elif "at_most" in given and rule not in (Rule.QUOTA, Rule.CAP, Rule.EACH):
        pack.refuse((*row.place, "at_most"), _("this rule needs at_least"))
    elif (rule == Rule.RANGE) != (given == ["between"]):
        pack.refuse((*row.place, given[0]), _("RANGE needs between, and no other rule has it"))
    elif "term" in given and rule != Rule.COVER:
        pack.refuse((*row.place, "term"), _("only COVER has a coverage word"))
    if "share" in row.given and rule not in RULES_WITH_SHARE:
        pack.refuse((*row.place, "share"), _("this rule does not judge unit by unit"))


def _measures(pack, row):
    """The figures a rule needs, counted of the unit it observes."""
    if row["rule"] in RULES_WITH_PER and "per" not in row.given:
        pack.refuse((*row.place, "per"), _("this rule divides by a second measure"))
    if "per" in row.given and row["rule"] not in (*RULES_WITH_PER, *RULES_WITH_OR_WITHOUT_PER):
        pack.refuse((*row.place, "per"), _("this rule divides by nothing"))
    if row["unit"] is None:
        return
    known = keys_of(row["unit"])
    for name in ("metric", "per"):
        if not row[name]:
            continue
        if row[name] not in known:
            pack.refuse((*row.place, name), _("is not counted of this unit"))
        elif row["rule"] == Rule.TREND and row[name] + BEFORE not in known:
            pack.refuse((*row.place, name), _("is not kept for the year before"))


CITING = ("phase", "track", "quota", "step", "criterion")
OF_NOBODY = ("step", "criterion")  # may be left to custom, also in a procedure of the document


def cited_clauses(pack, clauses):
    """What the rows of a programme cite stands in the document; ``clauses`` are dicts of number and text."""
    programme = pack.programme
    rows = [programme["pilots"]] if programme["pilots"] else []
    for name in CITING:
        rows += programme[name]
    for row in rows:
        _cites(pack, row, clauses)
        if row.get("quote"):
            _quotes(pack, row, clauses)


def _sources(pack):
    """Every line of a procedure says whose it is: by its clause, in an example by clause and quote."""
    programme = pack.programme
    example = programme["nature"] == ProgrammeNature.EXAMPLE
    if example:
        if not programme["note"]:
            pack.refuse((*programme.place, "note"), _("an example says here that it is one, and why"))
        for name in ("title", "form_title"):
            if programme[name] and EXAMPLE not in programme[name]:
                told = _("the name of an example says so: %(word)s") % {"word": EXAMPLE}
                pack.refuse((*programme.place, name), told)
    for name in CITING:
        for row in programme[name]:
            if example and bool(row["clause"]) != bool(row["quote"]):
                lacking = "quote" if row["clause"] else "clause"
                told = _("give clause and quote of what is the document's, neither of what is not")
                pack.refuse((*row.place, lacking), told)
            elif (
                not example
                and not row["clause"]
                and (row["quote"] or (name not in OF_NOBODY and "clause" not in row.given))
            ):
                pack.refuse((*row.place, "clause"), _("is missing"))


def _pilots(pack):
    pilots = pack.programme["pilots"]
    if pilots and pilots["at_least"] and pilots["at_most"] and pilots["at_least"] > pilots["at_most"]:
        pack.refuse((*pilots.place, "at_most"), _("is below at_least"))
    _once(pack, pack.programme["pilot_area"], "region")
    seen = set()
    for area in pack.programme["pilot_area"]:
        for community in area["communities"] or []:
            if community in seen:
                pack.refuse((*area.place, "communities"), _("%(code)s is named twice") % {"code": community})
            seen.add(community)


def _phases(pack):
    phases = pack.programme["phase"]
    _once(pack, phases, "key")
    before = None
    for phase in phases:
        _in_order(pack, phase, "starts_on", "ends_on")
        if before and before["ends_on"] and phase["starts_on"] and phase["starts_on"] <= before["ends_on"]:
            pack.refuse((*phase.place, "starts_on"), _("lies in the phase before, which ends later"))
        before = phase
    if phases and not any(Doing.FILING in (phase["allows"] or []) for phase in phases):
        pack.refuse((*phases[0].place, "allows"), _("no phase of this programme allows filing"))


def _steps(pack):
    steps = pack.programme["step"]
    _once(pack, steps, "key")
    order = list(StepKind.values)
    reached, level = 0, LEVELS["community"]
    for step in steps:
        if step["kind"] is None or step["level"] is None:
            continue
        if order.index(step["kind"]) < reached:
            pack.refuse((*step.place, "kind"), _("evidence comes first, then decisions, then actions"))
        reached = max(reached, order.index(step["kind"]))
        if step["kind"] == StepKind.DECISION:
            if LEVELS[step["level"]] >= level:
                pack.refuse((*step.place, "level"), _("a decision lies above the step before it"))
            level = LEVELS[step["level"]]
        _check_step(pack, step)
    if steps and not any(step["kind"] == StepKind.DECISION for step in steps):
        pack.refuse((*steps[0].place, "kind"), _("no step of this procedure is a decision"))


ONLY_DECISIONS = (
    *("days", "signs", "opinion", "opinion_template", "return_template"),
    *("two_level", "two_people", "joint_sections"),
)


def _check_step(pack, step):
    decides = step["kind"] == StepKind.DECISION
    if decides and not step["opinion"]:
        pack.refuse((*step.place, "opinion"), _("a decision needs the label of its opinion"))
    if not decides:
        for name in ONLY_DECISIONS:
            if step[name]:
                pack.refuse((*step.place, name), _("only a decision has this"))
    if decides and step["two_people"] and not step["two_level"]:
        pack.refuse((*step.place, "two_people"), _("only a step with two_level has this"))
    if decides and "joint_need" in step.given and step["joint_need"] and step["joint_sections"] == []:
        pack.refuse((*step.place, "joint_need"), _("only a step with joint_sections has this"))
    if step["kind"] == StepKind.EVIDENCE:
        if step["level"] != "community":
            pack.refuse((*step.place, "level"), _("evidence is shown by the community"))
        if step["key"] is not None and step["key"] not in EVIDENCE_FIELDS:
            pack.refuse(
                (*step.place, "key"),
                _("evidence is one of: %(words)s") % {"words": ", ".join(EVIDENCE_FIELDS)},
            )
            return
    for word in step["requires"] or []:
        if step["kind"] != StepKind.EVIDENCE:
            pack.refuse((*step.place, "requires"), _("only evidence has this"))
            return
        if not word.startswith(FILE_PREFIX) and word not in EVIDENCE_FIELDS.get(step["key"], []):
            pack.refuse(
                (*step.place, "requires"), _("%(word)s is not recorded at this step") % {"word": word}
            )


def _tracks(pack):
    _once(pack, pack.programme["track"], "key")
    levels = {step["level"] for step in pack.programme["step"] if step["kind"] == StepKind.DECISION}
    for track in pack.programme["track"]:
        if track["final_level"] is not None and track["final_level"] not in levels:
            pack.refuse((*track.place, "final_level"), _("no step decides at this level"))


def _quotas(pack):
    _once(pack, pack.programme["quota"], "key")
    targets = {target["code"]: target for target in pack.targets}
    for quota in pack.programme["quota"]:
        if not quota["target"]:
            continue
        target = targets.get(quota["target"])
        if target is None:
            pack.refuse((*quota.place, "target"), _("there is no such target in this pack"))
        elif target["rule"] is not None and target["rule"] != "QUOTA":
            pack.refuse((*quota.place, "target"), _("is not a target of rule QUOTA"))
        elif (
            target["at_most"] is not None
            and quota["limit"] is not None
            and target["at_most"] != (quota["limit"], 1)
        ):
            pack.refuse((*quota.place, "limit"), _("is not the at_most of its target"))


def _criteria(pack):
    """评分标准: 100 points in all."""
    rows = pack.programme["criterion"]
    _once(pack, rows, "name")
    points = [row["points"] for row in rows]
    if rows and None not in points and sum(points) != FULL:
        told = _("all criteria together have %(sum)d points; they should have %(full)d")
        pack.refuse((*rows[-1].place, "points"), told % {"sum": sum(points), "full": FULL})


def _form_rows(pack):
    _once(pack, pack.programme["form_row"], "number")
    decisions = {step["key"]: step for step in pack.programme["step"] if step["kind"] == StepKind.DECISION}
    for row in pack.programme["form_row"]:
        if bool(row["fields"]) == bool(row["step"]) and row["fields"] is not None and row["step"] is not None:
            pack.refuse(
                (*row.place, "fields"), _("give either the fields of this row or the step it belongs to")
            )
        elif row["step"] and row["step"] not in decisions:
            pack.refuse((*row.place, "step"), _("is not the key of a decision"))
        elif row["step"] and row["label"] and decisions[row["step"]]["opinion"] not in (None, row["label"]):
            pack.refuse((*row.place, "label"), _("is not the opinion label of its step"))
    last = list(decisions.values())[-1:]
    for step in decisions.values():
        for field in step["signs"] or []:
            if field in DECISION_FIELDS and step not in last:
                pack.refuse(
                    (*step.place, "signs"), _("%(field)s belongs to the last decision") % {"field": field}
                )


def _once(pack, rows, field):
    seen = set()
    for row in rows:
        if row[field] is not None and row[field] in seen:
            pack.refuse((*row.place, field), _("%(value)s is already taken") % {"value": row[field] or '""'})
        seen.add(row[field])


def _in_order(pack, row, first, last):
    if row[first] and row[last] and row[last] < row[first]:
        pack.refuse((*row.place, last), _("lies before %(first)s") % {"first": first})


def _cites(pack, row, clauses):
    if row["clause"] and row["clause"] not in {clause["number"] for clause in clauses}:
        pack.refuse(
            (*row.place, "clause"), _("this document has no clause %(number)s") % {"number": row["clause"]}
        )


def _quotes(pack, row, clauses):
    """A quote stands in its clause word for word; … may leave words out."""
    clause = next((one for one in clauses if one["number"] == row["clause"]), None)
    if clause is None or not clause["text"] or not row["quote"]:
        return
    text, position = "".join(clause["text"].split()), 0
    for part in row["quote"].replace("……", "…").split("…"):
        part = "".join(part.split())
        found = text.find(part, position)
        if found < 0:
            pack.refuse(
                (*row.place, "quote"), _("clause %(number)s does not say this") % {"number": clause["number"]}
            )
            return
        position = found + len(part)
