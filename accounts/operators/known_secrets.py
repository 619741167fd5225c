"""Every secret an operator could know: its name, how it is rotated, how old it is."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSecret:
    """One secret, never its value.

    Attributes:
        name: As the setting is called.
        how: How it is rotated.
    """

    name: str
    how: str


GATEWAY_TOKEN: Final = "gateway token"  # noqa: S105 -- its name on the list
_ROLE: Final = "ALTER ROLE … PASSWORD, then the setting; then restart."
_SECRETS: Final = (
    KnownSecret(
        name="SECRET_KEY",
        how="Write a new one, keep the old one in SECRET_KEY_FALLBACKS for a day, and "
        "restart; meanwhile what is sealed for apps and directories is sealed anew. "
        "Recovery codes that were made before open nothing once it is gone.",
    ),
    KnownSecret(
        name="KEYRING_PATH",
        how="Run “manage.py keys rotate”; then keep a copy of the file, apart.",
    ),
    KnownSecret(
        name="LEDGER_KEY_PATH",
        how="Add what “manage.py ledger key” prints to LEDGER_OLD_KEYS, which stays; "
        "then put a new key in the old one's place, and restart. Without that line no "
        "backup, proof or list of erasures of before is believed.",
    ),
    KnownSecret(
        name="BACKUP_KEY_PATH",
        how="Put a new key in its place, and keep the old one for as long as backups "
        "made under it are kept: without it they do not open.",
    ),
    KnownSecret(name="DATABASE_URL", how=_ROLE),
    KnownSecret(name="DATABASE_OWNER_URL", how=_ROLE),
    KnownSecret(name="DATABASE_OPERATOR_URL", how=_ROLE),
    KnownSecret(name="DATABASE_SEALER_URL", how=_ROLE),
    KnownSecret(name="DATABASE_STATISTICS_URL", how=_ROLE),
    KnownSecret(name="DRILL_DATABASE_URL", how=_ROLE),
    KnownSecret(
        name="AWS credentials",
        how="Make a new access key for the product's role, set it, delete the old one; "
        "a role of the machine itself has none to rotate.",
    ),
    KnownSecret(
        name="TELNYX_API_KEY",
        how="Make a new key in the carrier's portal, set it, revoke the old one.",
    ),
    KnownSecret(
        name="GOOGLE_CLIENT_SECRET",
        how="Add a new secret to the client at Google, set it, delete the old one.",
    ),
    KnownSecret(
        name="MICROSOFT_CLIENT_SECRET",
        how="Add a new secret to the app at Microsoft, set it, delete the old one.",
    ),
    KnownSecret(name="EMAIL_URL", how="Change the password at the mail server."),
    KnownSecret(name="REDIS_URL", how="Change the password in Redis, then restart."),
    KnownSecret(
        name="INTERNAL_API_KEYS", how="Set a new one for both sides, then restart."
    ),
    KnownSecret(
        name=GATEWAY_TOKEN,
        how="Changed by the software when the leaving begins; the old one goes on for "
        "24 hours.",
    ),
)
KNOWN_SECRETS: Final[Mapping[str, KnownSecret]] = MappingProxyType(
    {one.name: one for one in _SECRETS}
)


def changed_at(name: str) -> datetime | None:
    """Return when the file that holds the secret was last written, where one does."""
    path = str(getattr(settings, name)) if name.endswith("_PATH") else ""
    path = path or os.environ.get(f"{name}_FILE", "")
    if not path or not Path(path).exists():
        return None
    return datetime.fromtimestamp(Path(path).stat().st_mtime, UTC)
