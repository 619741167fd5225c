"""Folders for Unix sockets, whose paths have a small limit."""

import hashlib
import os
import stat
from pathlib import Path
from typing import Final

from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.privileges import Identity, give

# sun_path holds 104 bytes on macOS and 108 on Linux, the ending zero included; the
# longest name we put behind the folder is `/.s.PGSQL.5432`.
_LONGEST_FOLDER: Final = 103 - len("/.s.PGSQL.5432")
_SHORT_PLACE: Final = Path("/tmp")  # noqa: S108 (made 0700, and refused if another's)


def socket_folder(home: Path, identity: Identity | None = None) -> Path:
    """Return a folder of mode 0700 for sockets, in `home` or, if too long, elsewhere.

    The same home always has the same folder.

    Raises:
        EmbeddedError: If another user has taken the name of the short folder.
    """
    folder = home / "s"
    if len(os.fsencode(folder)) > _LONGEST_FOLDER:
        digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
        folder = _SHORT_PLACE / f"sv-{os.getuid()}-{digest}"
    try:
        folder.mkdir(mode=0o700)
        give(folder, identity)
    except FileExistsError:
        _refuse_foreign(folder, identity)
    return folder


def _refuse_foreign(folder: Path, identity: Identity | None) -> None:
    found = folder.lstat()
    owners = {os.getuid(), os.getuid() if identity is None else identity.uid}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        raise EmbeddedError(f"{folder} belongs to another user: have it removed.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedError(f"{folder} is open to others: remove it and start again.")
    give(folder, identity)
