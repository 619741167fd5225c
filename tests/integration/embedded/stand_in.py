"""A supervisor with stand-ins for web and media, run by the tests as a process.

``python -m tests.integration.embedded.stand_in [stubborn] [broken] [visit CODE]``
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.programs import Listen, Program
from sondervoice.embedded.supervisor import Plan, run_product

SERVER = Path(__file__).with_name("server.py")


def _programs(listen: Listen, _has_redis: bool) -> Sequence[Program]:
    mark = os.environ["DATA_DIR"]
    extra = ("stubborn",) if "stubborn" in sys.argv else ()
    command = (sys.executable, "-c", "raise SystemExit('no such table')")
    return [
        Program(
            name=name,
            arguments=command
            if name == "web" and "broken" in sys.argv
            else (sys.executable, str(SERVER), str(port), mark, *extra),
            address=f"http://{listen.host}:{port}",
            ready_port=port,
        )
        for name, port in (("web", listen.port), ("media", listen.media_port))
    ]


def main() -> int:
    visitor: tuple[str, ...] = ()
    if "visit" in sys.argv:
        code = sys.argv[sys.argv.index("visit") + 1]
        visitor = (sys.executable, "-c", f"print('visiting'); raise SystemExit({code})")
    plan = Plan(
        programs=_programs,
        prepare=lambda *_arguments: None,
        visitor=visitor,
        ends_with_visitor="stay" not in sys.argv,
    )
    try:
        return run_product(plan, os.environ)
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
