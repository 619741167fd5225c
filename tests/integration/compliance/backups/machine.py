"""A second machine with this installation's keys and lists, and its commands."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings as product

from tests.integration.compliance.backups.conftest import Place

REPOSITORY = Path(__file__).parents[4]
_KEPT = ("PATH", "HOME", "TMPDIR", "SV_PGBIN", "LANG")


def role_url(url: str, alias: str) -> str:
    role = product.DATABASES[alias]
    return f"postgresql://{role['USER']}:{role['PASSWORD']}@{url.partition('@')[2]}"


def environment(place: Place, url: str, data: Path) -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "sondervoice.settings.dev",
        "SECRET_KEY": "only-for-tests-" + "y" * 40,
        "DATA_DIR": str(data),
        "DATABASE_URL": role_url(url, "default"),
        "DATABASE_OWNER_URL": url,
        "DATABASE_SEALER_URL": role_url(url, "sealer"),
        "KEYRING_PATH": str(place.folder / "keyring"),
        "KEY_STORE_DIR": str(data / "keys"),
        "LEDGER_KEY_PATH": str(product.LEDGER_KEY_PATH),
        "LEDGER_OLD_KEYS": ",".join(product.LEDGER_OLD_KEYS),
        "LEDGER_ANCHOR_DIR": str(place.folder / "anchors"),
        "ERASURE_LIST_DIR": str(place.folder / "erasures"),
        "BACKUP_KEY_PATH": str(place.folder / "backup_key"),
    }


def begin(*arguments: str, env: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 -- our own Python
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def command(*arguments: str, env: dict[str, str]) -> str:
    """Return what a command says, errors behind the rest."""
    out, err = begin(*arguments, env=env).communicate(timeout=120)
    return out + err
