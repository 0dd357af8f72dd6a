"""What a running stack leaves under LINKAGE_HOME so that others find it: addresses and secrets."""

import json
import os
import secrets
from pathlib import Path

STACK = "stack.json"
SECRETS = "secrets.json"


def read(home):
    """The note of the stack that runs on this folder, or None."""
    try:
        found = json.loads((Path(home) / STACK).read_text())
        os.kill(found["pid"], 0)
    except PermissionError:  # it lives, under another user
        return found
    except (OSError, ValueError, KeyError):
        return None
    return found


def write(home, **facts):
    _private(Path(home) / STACK, facts)


def erase(home):
    (Path(home) / STACK).unlink(missing_ok=True)


def kept_secrets(home):
    """The secrets of the embedded site, or nothing before its first start."""
    try:
        return json.loads((Path(home) / SECRETS).read_text())
    except (OSError, ValueError):
        return {}


def ensure_secrets(home):
    """The secrets of the embedded site, made at the first start and never again."""
    path = Path(home) / SECRETS
    if not path.exists():
        _private(path, new_secrets())
    return json.loads(path.read_text())


def new_secrets():
    return {"secret_key": secrets.token_urlsafe(48), "data_keys": secrets.token_urlsafe(32)}


def _private(path, facts):
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    with open(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(facts, file, indent=1)
    aside.replace(path)
