"""What of earlier rounds stands in a new one. A consent is carried by reference, never written anew."""

from projects.models import CarriedDecision, Verdict, changes
from projects.procedure import AfterReturn


def carry_before(project, stop):
    """A return to an office before: what was agreed on the way to it stands in the new round."""
    before = {each.key for each in project.route_steps if each.number < stop.number}
    _carry(project, {step: word for step, word in _consents(project).items() if step in before})


def carry_unchanged(project, now):
    """After a correction: who signed nothing of what changed is not asked again, where the route says so.

    ``now`` is the form as handed in now; each consent is held against the form it was given to, however
    many rounds ago. Whoever sent the file back gave no consent, so it goes on there at the latest.
    """
    consents = _consents(project) if project.round > 1 else {}
    stops = {stop.key: stop for stop in project.route_steps if stop.after_return == AfterReturn.CHANGED_ONLY}
    forms = {made.round: made.snapshot for made in project.submissions.all()} if stops and consents else {}
    kept = {}
    for step in consents.keys() & stops.keys():
        signed = forms[max(round for round in forms if round <= consents[step].round)]
        changed = [change.field for change in changes(signed, now)]
        if not stops[step].is_touched_by(changed):
            kept[step] = consents[step]
    _carry(project, kept)


def _consents(project):
    """Step to the consent that stood for it when the round before was closed."""
    said = project.decisions_in(project.round - 1)
    return {step: word for step, word in said.items() if word.verdict == Verdict.APPROVE}


def _carry(project, consents):
    CarriedDecision.objects.bulk_create(
        CarriedDecision(project=project, round=project.round, step=stop.key, decision=consents[stop.key])
        for stop in project.route_steps
        if stop.key in consents
    )
