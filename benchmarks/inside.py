"""The environment of the processes under the throw-away services."""

import os
import subprocess
import sys
from pathlib import Path

from sondervoice.embedded import secrets
from sondervoice.embedded.layout import REPOSITORY


def prepare(folder: Path) -> None:
    """Complete our environment as `make up` does, and make the tables."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "sondervoice.settings.dev"
    kept = folder / "secrets"
    os.environ["SECRET_KEY_FILE"] = str(secrets.secret_key(kept))
    os.environ["KEYRING_PATH"] = str(secrets.keyring(kept))
    os.environ["LEDGER_KEY_PATH"] = str(secrets.ledger_key(kept))
    owner = os.environ["DATABASE_OWNER_URL"]
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"],
        env={**os.environ, "DATABASE_URL": owner},
        cwd=REPOSITORY,
        check=True,
    )
