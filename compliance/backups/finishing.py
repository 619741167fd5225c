"""The second half of a restore, in a process that works as the owner of the tables."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from compliance.backups.errors import BackupBrokenError

INSIDE: Final = "--inside"
DESPITE_MISSING: Final = "--despite-missing"


def finish_inside(
    *,
    since: datetime | None,
    is_drill: bool = False,
    despite_missing: bool = False,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Run `restore --inside` and return what it reports.

    Its database is the owner's: the product's own role may not connect.

    Raises:
        BackupBrokenError: If it failed; it has said why.
    """
    given = {"DATABASE_OWNER_URL": settings.DATABASE_OWNER_URL, **(environment or {})}
    given["DATABASE_URL"] = given["DATABASE_OWNER_URL"]
    replaced = {f"{name}_FILE" for name in given}
    inherited = {name: os.environ[name] for name in set(os.environ) - replaced}
    arguments = [sys.executable, "manage.py", "restore", INSIDE]
    if since is not None:
        arguments.append(f"--since={since.isoformat()}")
    if is_drill:
        arguments.append("--drill")
    if despite_missing:
        arguments.append(DESPITE_MISSING)
    done = subprocess.run(  # noqa: S603 -- our own Python
        arguments,
        cwd=settings.BASE_DIR,
        env={**inherited, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if is_drill else None,
        check=False,
        text=True,
    )
    if done.returncode != 0:
        raise BackupBrokenError("what came back could not be made fit to be opened")
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report
