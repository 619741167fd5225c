"""``python -m sondervoice.embedded``: what the targets of the Makefile run."""

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Mapping
from typing import Final

from sondervoice.embedded.console import say
from sondervoice.embedded.environment import running
from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.layout import data_dir
from sondervoice.embedded.supervisor import (
    Plan,
    product_environment,
    product_plan,
    run_product,
)
from sondervoice.embedded.throw_away import run_with_services

_Command = Callable[[list[str], Mapping[str, str]], int]


def _up(_arguments: list[str], environment: Mapping[str, str]) -> int:
    complete = product_environment(environment)
    return run_product(product_plan(is_demo=False, environment=complete), complete)


def _demo(_arguments: list[str], environment: Mapping[str, str]) -> int:
    complete = product_environment(environment)
    return run_product(product_plan(is_demo=True, environment=complete), complete)


def _restore(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Bring a backup back into the services of a DATA_DIR; nothing else runs then."""
    complete = product_environment(environment)
    plan = Plan(
        programs=lambda _listen, _has_redis: (),
        prepare=lambda *_: None,
        visitor=(sys.executable, "manage.py", "restore", *arguments),
        visitor_name="The restore",
        ends_with_visitor=True,
    )
    return run_product(plan, complete)


def _test(arguments: list[str], environment: Mapping[str, str]) -> int:
    pytest = [sys.executable, "-m", "pytest", *arguments]
    return run_with_services(pytest, environment, servers=_workers(arguments))


def _workers(arguments: list[str]) -> int:
    """Return how many processes pytest was asked for, by ``-n``."""
    if "-n" not in arguments[:-1]:
        return 1
    asked = arguments[arguments.index("-n") + 1]
    if not asked.isdecimal() or asked == "0":
        raise EmbeddedError("Say by a number how many processes: -n 2")
    return int(asked)


def _run(arguments: list[str], environment: Mapping[str, str]) -> int:
    if not arguments:
        raise EmbeddedError("Say what to run: python -m sondervoice.embedded run -- …")
    return run_with_services(arguments, environment)


def _env(_arguments: list[str], environment: Mapping[str, str]) -> int:
    found = running(data_dir(environment))
    if not found:
        raise EmbeddedError("Nothing runs here: start it with `make up`.")
    for name, value in found.items():
        say(f"export {name}={shlex.quote(value)}")
    return 0


_COMMANDS: Final[Mapping[str, tuple[_Command, str]]] = {
    "up": (_up, "run the product"),
    "demo": (_demo, "run the product and ring it once"),
    "restore": (_restore, "bring a backup back; it stands after --"),
    "test": (_test, "run pytest on throw-away services; its arguments after --"),
    "run": (_run, "run any command on throw-away services; it stands after --"),
    "env": (_env, "print the running product's environment for a shell"),
}


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; what is wrong is said in one line."""
    own, _, others = _split(arguments)
    parser = argparse.ArgumentParser(prog="python -m sondervoice.embedded")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, words) in _COMMANDS.items():
        commands.add_parser(name, help=words)
    command, _ = _COMMANDS[parser.parse_args(own).command]
    try:
        return command(others, os.environ)
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _split(arguments: list[str]) -> tuple[list[str], str, list[str]]:
    if "--" not in arguments:
        return arguments, "", []
    place = arguments.index("--")
    return arguments[:place], "--", arguments[place + 1 :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
