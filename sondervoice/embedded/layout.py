"""Where the embedded product keeps its things, under DATA_DIR."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sondervoice.embedded.errors import EmbeddedError

REPOSITORY: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders under one DATA_DIR."""

    data_dir: Path

    @property
    def postgres(self) -> Path:
        """The cluster, its sockets, and binaries copied for another user."""
        return self.data_dir / "postgres"

    @property
    def redis(self) -> Path:
        """The socket of Redis."""
        return self.data_dir / "redis"

    @property
    def secrets(self) -> Path:
        """Keys and passwords, files of mode 0600."""
        return self.data_dir / "secrets"

    @property
    def run(self) -> Path:
        """What is true only while the product runs."""
        return self.data_dir / "run"

    @property
    def logs(self) -> Path:
        """One file for each process, begun anew at each start."""
        return self.data_dir / "logs"

    @property
    def lock(self) -> Path:
        """Locked while a supervisor, or the watchdog after it, is at work."""
        return self.run / "lock"

    @property
    def environment(self) -> Path:
        """The environment of the running product, for a second shell."""
        return self.run / "env.json"


def data_dir(environment: Mapping[str, str]) -> Path:
    """Return DATA_DIR, by default `var` in the repository, as an absolute path."""
    text = environment.get("DATA_DIR", "")
    return Path(text).expanduser().absolute() if text else REPOSITORY / "var"


def passable() -> int:
    """Return the mode of a folder that PostgreSQL's user must pass through."""
    return 0o711 if os.geteuid() == 0 else 0o700


def make_folder(path: Path, *, mode: int) -> None:
    """Make the folder with exactly this mode, whatever the umask; leave one that is."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        if not path.is_dir():
            raise
    else:
        path.chmod(mode)


def prepare(path: Path) -> Layout:
    """Make the folders and return where they are.

    Each folder that we make is for its owner alone, save that root lets the user
    PostgreSQL runs as pass through DATA_DIR. Folders that were there stay as they are.

    Raises:
        EmbeddedError: If DATA_DIR cannot be made or written to.
    """
    layout = Layout(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        make_folder(path, mode=passable())
        for folder in (layout.secrets, layout.run, layout.logs, layout.redis):
            make_folder(folder, mode=0o700)
    except OSError as error:
        raise EmbeddedError(
            f"DATA_DIR {path} cannot be written ({error.strerror}): "
            "choose another folder, DATA_DIR=… make up."
        ) from None
    if not os.access(layout.run, os.W_OK):
        raise EmbeddedError(
            f"DATA_DIR {path} belongs to another user: "
            "run as that user, or choose another folder, DATA_DIR=… make up."
        )
    return layout
