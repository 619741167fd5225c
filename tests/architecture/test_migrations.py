"""A migration that was once released keeps its name, or one that replaces it names it.

A backup holds the names of what its schema went through. One that this product has not
counts as a newer product's, and the backup is refused.
"""

from pathlib import Path

from django.apps import apps

from compliance.backups.schema import migrations_on_disk
from tests.architecture.source import REPOSITORY

KNOWN = Path(__file__).with_name("migrations.txt").read_text().split()


def _ours() -> set[str]:
    labels = {
        app.label
        for app in apps.get_app_configs()
        if Path(app.path).is_relative_to(REPOSITORY)
        and ".venv" not in Path(app.path).parts
    }
    return {one for one in migrations_on_disk() if one.partition(".")[0] in labels}


class TestMigrations:
    def test_are_all_there_still(self):
        assert sorted(set(KNOWN) - migrations_on_disk()) == []

    def test_are_listed_so_that_they_are_missed(self):
        assert sorted(_ours() - set(KNOWN)) == []
