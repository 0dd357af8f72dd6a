"""One part of the stack: a process in a session of its own that dies with us and logs to a file."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

LINUX = sys.platform.startswith("linux")
LIBC = ctypes.CDLL(None, use_errno=True) if LINUX else None
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 4  # keep the capability across setuid, and let access() see it
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


class Part:
    """``stop`` is the signal for an orderly end, ``patience`` how many seconds that may take."""

    def __init__(self, name, command, *, log, stop=signal.SIGTERM, patience=15, env=None, account=None):
        self.name, self.log, self.stop_signal, self.patience = name, Path(log), stop, patience
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=env,
                preexec_fn=bound_to(os.getpid(), stop, account),
            )
        self.created = psutil.Process(self.process.pid).create_time()

    def __str__(self):
        return self.name

    @property
    def ended(self):
        return self.process.poll() is not None

    @property
    def mark(self):
        """What recognises this process after its supervisor was killed."""
        return {"pid": self.process.pid, "created": self.created, "stop": int(self.stop_signal)}

    def ask_to_stop(self):
        if not self.ended:
            self.process.send_signal(self.stop_signal)

    def stop(self):
        """End it: in order while patience lasts, then by force together with its children."""
        self.ask_to_stop()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.kill()
        self._kill_group()

    def kill(self):
        self._kill_group()
        self.process.wait()

    def _kill_group(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def last_words(self, lines=8):
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


def end_leftovers(marks):
    """End what an earlier, killed supervisor left behind: politely, then by force."""
    left = []
    for mark in marks:
        try:
            process = psutil.Process(mark["pid"])
            if abs(process.create_time() - mark["created"]) < 1:
                process.send_signal(mark["stop"])
                left.append(process)
        except psutil.NoSuchProcess:
            continue
    _, stubborn = psutil.wait_procs(left, timeout=10)
    for process in stubborn:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    psutil.wait_procs(stubborn, timeout=5)


def wait_until(ready, *, seconds, alive=(), every=0.1):
    """Ask ``ready`` until it says yes; no when the time is over or one of ``alive`` has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        if any(part.ended for part in alive):
            return False
        time.sleep(every)
    return False


def bound_to(parent, stop, account=None):
    """What the child does before it becomes the command: change its account, die with its parent."""

    def prepare():
        if account:
            account.enter()
        if LINUX:
            LIBC.prctl(PR_SET_PDEATHSIG, int(stop), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


class Account:
    """The unprivileged account that PostgreSQL demands when we are root.

    ``reaching`` keeps the one capability that lets it walk through folders closed to others,
    such as a clone under /root.
    """

    def __init__(self, entry, *, reaching=False):
        self.uid, self.gid, self.name, self.reaching = entry.pw_uid, entry.pw_gid, entry.pw_name, reaching

    def enter(self):
        if self.reaching and LINUX:
            LIBC.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)
        if self.reaching and LINUX:
            _keep_only(CAP_DAC_OVERRIDE)


def _keep_only(capability):
    bits = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)  # effective, permitted, inheritable; low, high
    LIBC.capset(header, sets)
    LIBC.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)
