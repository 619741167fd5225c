"""The schema of what comes back, which is of the day of its backup.

What erases again works with today's models, so an older schema is migrated first. One
that a newer product made has what this one does not know, and would lose or keep it.
"""

from collections.abc import Iterable

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from compliance.backups.errors import BackupRefusedError


def refuse_newer(migrations: Iterable[str]) -> None:
    """Make sure that this product has each of these migrations, ``app.name``.

    Raises:
        BackupRefusedError: If it has not.
    """
    if newer := sorted(set(migrations) - migrations_on_disk()):
        raise BackupRefusedError(
            f"What is to come back has {len(newer)} migrations that this product "
            f"lacks: {', '.join(newer)}. Restore it with the version that made it, or "
            "a later one"
        )


def migrate_what_came_back() -> None:
    """Bring the schema up to this product's, as the owner of the tables.

    Raises:
        BackupRefusedError: If a newer product made it.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    refuse_newer(f"{app}.{name}" for app, name in applied)
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


def migrations_on_disk() -> set[str]:
    """Return each migration there is or was, as ``app.name``."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = loader.disk_migrations
    replaced = {one for migration in known.values() for one in migration.replaces}
    return {f"{app}.{name}" for app, name in known.keys() | replaced}
