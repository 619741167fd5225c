"""The demo's carrier: a process on loopback that speaks the carrier's wire protocol.

It is the one the tests ring with, started only where TELNYX_API_BASE names no other.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.layout import REPOSITORY, Layout
from sondervoice.embedded.programs import Listen, Program
from sondervoice.embedded.secrets import write_private

_MODULE: Final = (sys.executable, "-m", "tests.fakes.telnyx")


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Tell whether no other carrier is named."""
    return not environment.get("TELNYX_API_BASE")


def carrier_program(layout: Layout, listen: Listen) -> Program:
    """Return the carrier's process."""
    return Program(
        name="carrier",
        arguments=_arguments(layout, listen),
        address=f"http://127.0.0.1:{listen.carrier_port}",
        ready_port=listen.carrier_port,
        ready_path="/__control/health",
    )


def carrier_environment(layout: Layout, listen: Listen) -> dict[str, str]:
    """Return what makes the product call this carrier and believe it alone.

    Raises:
        EmbeddedError: If the carrier cannot tell its public key.
    """
    return {
        "TELNYX_API_BASE": f"http://127.0.0.1:{listen.carrier_port}/v2",
        "TELNYX_API_KEY": "KEY-of-the-loopback-carrier",
        "TELNYX_PUBLIC_KEY": _public_key(layout, listen),
    }


def _arguments(layout: Layout, listen: Listen) -> tuple[str, ...]:
    key = layout.secrets / "loopback_carrier"
    return (*_MODULE, f"--port={listen.carrier_port}", f"--key-file={key}")


def _public_key(layout: Layout, listen: Listen) -> str:
    """Ask the carrier on the first run; later ones read what it said."""
    path: Path = layout.secrets / "loopback_carrier.pub"
    if not path.exists():
        asked = subprocess.run(  # noqa: S603 (a program of ours, no shell)
            [*_arguments(layout, listen), "--print-public-key"],
            cwd=REPOSITORY,
            capture_output=True,
            check=False,
            text=True,
        )
        if asked.returncode != 0:
            words = " ".join(asked.stderr.strip().splitlines()[-1:])
            raise EmbeddedError(f"The loopback carrier does not start: {words}")
        write_private(path, asked.stdout.strip().encode())
    return path.read_text(encoding="ascii")
