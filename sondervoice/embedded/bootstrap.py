"""Makes `.venv`, then becomes its Python: the first thing every Makefile target runs.

Run by whatever Python the machine has, with the standard library only, isolated
(``python3 -I``), for our folder holds a module named like one of the library's:

    python3 -I sondervoice/embedded/bootstrap.py [--dev] [ARGUMENTS FOR PYTHON …]

Written so that an older Python can still read it and say what is missing.
"""

import fcntl
import hashlib
import importlib.util
import math
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
VERSION = ".".join(str(part) for part in sys.version_info[:3])
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")
# Prints its best time, in seconds, for work of the kind a request is; of many short
# ones, for a busy machine leaves none of the long ones alone.
TRIAL = f"""
import ensurepip, sys, timeit
if sys.version_info < {OLDEST}:
    sys.exit(1)
class Row:
    def __init__(self, number):
        self.number = number
    def plus(self, more):
        return {{"number": self.number + more, "names": [str(one) for one in (1, 2)]}}
print(min(timeit.repeat(lambda: Row(1).plus(2), number=500, repeat=500)))
"""
TRIALS = 4
# A build without its compiler's profile takes half as long again; less may be chance.
IS_WORTH_IT = 0.85
REPOSITORY = Path(__file__).resolve().parents[2]
VENV = REPOSITORY / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".unfinished"


def say(line: str) -> None:
    """Write one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def give_up(line: str) -> None:
    """Say what is wrong and what to do, and end."""
    sys.stderr.write(line + "\n")
    sys.exit(1)


def use_new_python() -> None:
    """Go on with a Python that is new enough, or say that there is none."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER_NAMES:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, "-I", *sys.argv])  # noqa: S606 (no shell is meant)
    give_up(
        f"Python 3.11 or newer is needed and this is {VERSION}: install one (Debian: "
        "apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.11"
    )


def stamp_of(requirements: Path) -> Path:
    """Return the file that says which version of the list is installed."""
    return VENV / f".installed-{requirements.stem}"


def fingerprint(requirements: Path) -> str:
    """Return the hash of the list."""
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def is_installed(requirements: Path) -> bool:
    """Tell whether exactly this list is installed in a Python that is there."""
    stamp = stamp_of(requirements)
    if UNFINISHED.exists() or not (PYTHON.exists() and stamp.exists()):
        return False
    return stamp.read_text(encoding="ascii") == fingerprint(requirements)


def python_of_venv() -> str:
    """Return the Python to make the environment of: this one, or a faster one.

    Many version managers compile without the optimizations that distributions compile
    with. Where nobody named a Python (``make PYTHON=…``), the system's is tried too.
    """
    if os.environ.get("PYTHON"):
        return sys.executable
    system = shutil.which("python3", path=os.defpath)
    if not system:
        return sys.executable
    # In turn, for a machine is slower in one second than in the next.
    pairs = [(trial_s(system), trial_s(sys.executable)) for _ in range(TRIALS)]
    theirs, ours = (min(times) for times in zip(*pairs, strict=True))
    return system if theirs < IS_WORTH_IT * ours else sys.executable


def trial_s(python: str) -> float:
    """Return what the trial takes; infinity if it is too old or has no ensurepip."""
    tried = subprocess.run(  # noqa: S603 (this Python, or one of the system's folders)
        [python, "-I", "-c", TRIAL], capture_output=True, check=False, text=True
    )
    return float(tried.stdout) if tried.returncode == 0 else math.inf


def make_venv() -> None:
    """Make the environment, anew if the last attempt was interrupted."""
    if importlib.util.find_spec("ensurepip") is None:
        give_up(
            "Python's venv module is missing: apt install python3-venv (or your "
            "system's package of that name), then run make again."
        )
    python = python_of_venv()
    say(f"Making .venv with {python} …")
    made = subprocess.run(  # noqa: S603 (our own Python)
        [python, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        check=False,
        text=True,
    )
    if made.returncode != 0:
        words = " ".join((made.stderr or made.stdout).strip().splitlines()[-1:])
        give_up(
            f"Could not make .venv ({words}): on Debian apt install python3-venv, then "
            "run make again."
        )


def is_usable() -> bool:
    """Tell whether the environment has a Python that runs and has pip."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    found = subprocess.run(  # noqa: S603 (our own Python)
        [str(PYTHON), "-c", "import pip"], capture_output=True, check=False
    )
    return found.returncode == 0


def install(requirements: Path) -> None:
    """Install the list, with pip's own progress on the terminal."""
    if not is_usable():
        make_venv()
    UNFINISHED.touch()
    say(f"Installing the packages of {requirements.name} …")
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 (our own Python)
        [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--no-deps",
            # Compiled when first imported: most of what is installed never is.
            "--no-compile",
            "--require-hashes",
            "--no-input",
            "--disable-pip-version-check",
            "--requirement",
            str(requirements),
        ],
        check=False,
    )
    if done.returncode != 0:
        give_up(
            "The packages could not be installed (see above): check the network, or "
            "the index in PIP_INDEX_URL, then run make again."
        )
    stamp_of(requirements).write_text(fingerprint(requirements), encoding="ascii")
    UNFINISHED.unlink()
    say(f"Packages installed ({time.monotonic() - started:.0f} s)")


def main(*arguments: str) -> None:
    """Install what is missing and become the Python of `.venv`."""
    use_new_python()
    is_dev = arguments[:1] == ("--dev",)
    runtime = REPOSITORY / "requirements.txt"
    dev = REPOSITORY / "requirements-dev.txt"
    wanted = dev if is_dev else runtime
    with wanted.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once: one installs
        # The developers' list holds the other, so it will do for both.
        if not (is_installed(dev) or is_installed(wanted)):
            install(wanted)
    others = arguments[1:] if is_dev else arguments
    if others:
        os.execv(str(PYTHON), [str(PYTHON), *others])  # noqa: S606 (no shell is meant)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
