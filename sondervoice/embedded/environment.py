"""The environment of the product: the shell's, `.env`, and what is embedded."""

import json
import os
import shlex
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.layout import REPOSITORY, Layout, data_dir
from sondervoice.embedded.lock import is_held
from sondervoice.embedded.secrets import write_private


def load(environment: MutableMapping[str, str] = os.environ) -> bool:
    """Complete the environment from `.env` and from the running product.

    What is set already stays. Used by `manage.py`, so that a command in a second shell
    meets the same database as the product of `make up`.

    Returns:
        Whether DATABASE_URL is known now.
    """
    for name, value in read_dotenv(REPOSITORY / ".env").items():
        environment.setdefault(name, value)
    if not environment.get("DATABASE_URL"):
        for name, value in running(data_dir(environment)).items():
            environment.setdefault(name, value)
    return bool(environment.get("DATABASE_URL"))


def running(folder: Path) -> dict[str, str]:
    """Return what the product on this DATA_DIR exports; empty if none runs."""
    layout = Layout(folder)
    try:
        if not is_held(layout.lock):
            return {}
        found: dict[str, str] = json.loads(
            layout.environment.read_text(encoding="utf-8")
        )
    except (FileNotFoundError, PermissionError):
        return {}
    return found


def publish(layout: Layout, exported: Mapping[str, str]) -> None:
    """Write what `running` reads; it holds passwords, hence mode 0600."""
    write_private(layout.environment, json.dumps(dict(exported)).encode())


def read_dotenv(path: Path) -> dict[str, str]:
    """Return the ``NAME=value`` lines of a file as a shell would read them.

    Empty values are left out: they stand for "not set". A missing file has none.

    Raises:
        EmbeddedError: If a line is something else, with its number.
    """
    if not path.exists():
        return {}
    found = {}
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            words = [""]
        if words[:1] == ["export"]:
            words = words[1:]
        if not words:
            continue
        name, equals, value = words[0].partition("=")
        if len(words) > 1 or not equals or not name.isidentifier():
            raise EmbeddedError(
                f'{path}, line {number}: write NAME=value, with "quotes" around blanks.'
            )
        if value:
            found[name] = value
    return found
