"""Speaks to the person at the terminal, one line at a time."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

TAIL_LINES: Final = 12


def say(line: str) -> None:
    """Write one line at once, also into a pipe.

    A terminal that has gone is no reason to leave children behind.
    """
    with suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def tail(log: Path) -> str:
    """Return the last lines of a log, indented; a missing log has none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-TAIL_LINES:])
