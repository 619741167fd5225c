import re
from configparser import ConfigParser
from datetime import timedelta

from compliance.backups.services.watch_backups import OLDEST
from tests.architecture.source import REPOSITORY

PUBLISHED = REPOSITORY / "docs/pgbackrest"
# A backup goes when the next one is as old as the retention says: a day later. That one
# may have ended a moment too late, and the day after is the next that looks.
DAYS_UNTIL_EXPIRED = 2
# S3 counts from the next midnight, and deletes some hours after it.
DAYS_OF_OLDER_VERSIONS = 2


def test_what_is_closed_is_out_of_all_backups_after_90_days():
    options = ConfigParser()
    options.read_string((PUBLISHED / "pgbackrest.conf").read_text(encoding="utf-8"))

    settings = options["global"]
    kept = settings.getint("repo1-retention-full")
    assert settings["repo1-retention-full-type"] == "time"
    assert kept + DAYS_UNTIL_EXPIRED + DAYS_OF_OLDER_VERSIONS <= 90


def test_it_is_watched_by_the_same_age_as_the_backups_of_our_own():
    watch = (PUBLISHED / "watch.sh").read_text(encoding="utf-8")

    (hours,) = re.findall(r"interval '(\d+) hours'", watch)
    assert timedelta(hours=int(hours)) == OLDEST
