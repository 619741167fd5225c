"""Stops what a supervisor left behind; run as a script, with the standard library only.

The supervisor writes a line for each child into our standard input: ``add PID SIGNAL``
when it starts one, ``drop PID`` when it has stopped it, ``remove PATH`` for a folder
that shall not stay. However the supervisor ends, its end of the pipe closes; what was
added and not dropped is then asked to stop and, after its grace, killed with its whole
group. `PR_SET_PDEATHSIG` alone reaches neither the children's children nor macOS.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

GRACE_S = 15.0


def lives(pid: int) -> bool:
    """Tell whether the process exists; a zombie that nobody reaps does not count."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[0] != "Z"
    return sys.platform != "linux"


def signal_group(pid: int, number: int) -> None:
    """Send the signal to the group the process leads; none left is harmless."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def stop_all(children: dict[int, int]) -> None:
    """Ask all to stop, each by its own signal; kill what is left after the grace."""
    for pid, number in children.items():
        signal_group(pid, number)
    deadline = time.monotonic() + GRACE_S
    while any(map(lives, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in children:
        signal_group(pid, signal.SIGKILL)


def main() -> None:
    """Read until the supervisor has gone, then clear up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    children: dict[int, int] = {}
    folders: list[str] = []
    for line in sys.stdin:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "add":
            pid, number_text = rest.split()
            children[int(pid)] = int(number_text)
        elif verb == "drop":
            children.pop(int(rest), None)
        elif verb == "remove":
            folders.append(rest)
    stop_all(children)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
