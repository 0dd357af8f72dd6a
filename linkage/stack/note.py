"""What a running stack leaves under LINKAGE_HOME so that others find it: addresses and secrets."""

import json
import os
import secrets
from pathlib import Path

STACK = "stack.json"
SECRETS = "secrets.json"
DEMO_PASSWORD = "demo-password"


def read(home):
    """The note of the stack that runs on this folder, or None."""
    found = last(home)
    return found if found and _lives(found["pid"]) else None


def last(home):
    """What the last supervisor noted, alive or not."""
    try:
        return json.loads((Path(home) / STACK).read_text())
    except (OSError, ValueError):
        return {}


def write(home, **facts):
    _private(Path(home) / STACK, json.dumps(facts, indent=1))


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
        _private(path, json.dumps(new_secrets(), indent=1))
    return json.loads(path.read_text())


def new_secrets():
    return {"secret_key": secrets.token_urlsafe(48), "data_keys": secrets.token_urlsafe(32)}


def demo_password(home):
    """The one password of the demo accounts, or nothing where there are none."""
    try:
        return (Path(home) / DEMO_PASSWORD).read_text().strip()
    except OSError:
        return ""


def ensure_demo_password(home):
    """Made at the first call and kept, readable for the operator only."""
    if not demo_password(home):
        _private(Path(home) / DEMO_PASSWORD, "-".join(secrets.token_hex(2) for _ in range(3)) + "\n")
    return demo_password(home)


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # under another account
        return True
    return True


def _private(path, text):
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    with open(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    aside.replace(path)
