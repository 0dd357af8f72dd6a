"""Migrations in seconds instead of minutes.

For every operation Django draws the model anew in memory and with it all models related to it, near and
far. Every register hangs on places and accounts, so each of some thousand operations would draw nearly
all models. Operations that only add (a model, a field, an index, a constraint, a trigger) need just the
model they add to: what others know of it plays no part in the SQL. ``is_delayed`` makes RunPython, which
sees all models, draw everything once more, as Django foresees it.
"""

from functools import wraps

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger


def quicken():
    for operation in (AddConstraint, AddField, AddIndex, CreateModel):
        operation.state_forwards = _drawing_one(operation.state_forwards)
    ProjectState._find_reload_model = _found(ProjectState._find_reload_model)
    AddTrigger.state_forwards = _with_trigger
    RemoveTrigger.state_forwards = _without_trigger


def _drawing_one(plain):
    @wraps(plain)
    def state_forwards(operation, app_label, state):
        state.draws_one = True
        try:
            plain(operation, app_label, state)
        finally:
            state.draws_one = False

    return state_forwards


def _found(plain):
    @wraps(plain)
    def find(state, app_label, model_name, delay=False):
        if not getattr(state, "draws_one", False):
            return plain(state, app_label, model_name, delay)
        state.is_delayed = True
        return {(app_label, model_name.lower())}

    return find


def _with_trigger(operation, app_label, state):
    options = state.models[app_label, operation.model_name].options
    options["triggers"] = [*options.get("triggers", []), operation.trigger]


def _without_trigger(operation, app_label, state):
    options = state.models[app_label, operation.model_name].options
    kept = [trigger for trigger in options.get("triggers", []) if trigger.name != operation.name]
    options["triggers"] = kept
