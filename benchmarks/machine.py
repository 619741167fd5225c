"""What the kernel says of processors and memory, from `/proc`."""

import os
import platform
from contextlib import suppress
from pathlib import Path
from typing import Final

_TICKS_A_SECOND: Final = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
# Of a processor's line in /proc/stat: neither idle nor waiting for a disk.
_IDLE: Final = (3, 4)
# A guest's time is counted in user time already.
_COUNTED: Final = 8


class ProcessClock:
    """Processor time of one process with all its threads."""

    def __init__(self, pid: int) -> None:
        """Start now."""
        self._pid = pid
        self._began = self._now()

    def since(self) -> float:
        """Return the seconds it has used."""
        return self._now() - self._began

    def _now(self) -> float:
        stat = Path(f"/proc/{self._pid}/stat").read_text(encoding="ascii")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND


class CoreClock:
    """Busy time of one processor, or of all together."""

    def __init__(self, core: int | None) -> None:
        """Start now; None means all."""
        self._name = "cpu" if core is None else f"cpu{core}"
        self._began = self._now()

    def since(self) -> float:
        """Return the seconds it was busy, those stolen by the host among them."""
        return self._now() - self._began

    def _now(self) -> float:
        for line in Path("/proc/stat").read_text(encoding="ascii").splitlines():
            name, *values = line.split()
            if name == self._name:
                counted = enumerate(values[:_COUNTED])
                busy = sum(int(value) for at, value in counted if at not in _IDLE)
                return busy / _TICKS_A_SECOND
        raise LookupError(self._name)


def resident_bytes(pid: int) -> int:
    """Return the memory a process holds."""
    statm = Path(f"/proc/{pid}/statm").read_text(encoding="ascii")
    return int(statm.split()[1]) * _PAGE_BYTES


def cores() -> tuple[int | None, int | None]:
    """Return the processors for the server and for everything else.

    With only one, nothing is pinned.
    """
    count = os.cpu_count() or 1
    return (0, 1) if count > 1 else (None, None)


def go_first(pid: int) -> None:
    """Let a process go before others, where we may: they are not what is measured."""
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, pid, -10)


def about() -> dict[str, object]:
    """Return what a reader must know of this machine at this moment."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return {
        "processor": models[0] if models else platform.machine(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }
