"""Backups: where to, by which key, for how long, and as whom one is made."""

from pathlib import Path
from typing import Final

from sondervoice.settings.env import (
    read_bool,
    read_int,
    read_path,
    read_secret,
    read_str,
)

_DATA_DIR: Final = read_path("DATA_DIR", default=Path(__file__).parents[2] / "var")

# Not set, nothing is backed up by the clock.
BACKUP_DIR = read_str("BACKUP_DIR", default="")
BACKUP_KEY_PATH = read_path(
    "BACKUP_KEY_PATH", default=_DATA_DIR / "secrets" / "backup_key"
)
BACKUP_KEEP_DAYS = read_int("BACKUP_KEEP_DAYS", default=90, at_least=1, at_most=90)
BACKUP_DRILLS = read_bool("BACKUP_DRILLS", default=True)
# What was erased, for whoever brings an older backup back.
ERASURE_LIST_DIR = read_path("ERASURE_LIST_DIR", default=_DATA_DIR / "erasures")
# Of the owner role: for backups and restores alone, no page and no call uses it.
DATABASE_OWNER_URL = read_secret("DATABASE_OWNER_URL", default="")
DRILL_DATABASE_URL = read_secret("DRILL_DATABASE_URL", default="")
