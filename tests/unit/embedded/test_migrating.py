import os

import pytest

from sondervoice.embedded.migrating import fingerprint


@pytest.fixture
def repository(tmp_path):
    for name in (
        "requirements.txt",
        "sondervoice/settings/base.py",
        "calls/__init__.py",
        "calls/views.py",
        "calls/migrations/0001_first.py",
        "data/PG_VERSION",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("18")
    return tmp_path


class TestFingerprint:
    @pytest.mark.parametrize(
        "name",
        [
            "requirements.txt",
            "sondervoice/settings/base.py",
            "calls/migrations/0001_first.py",
            "calls/migrations/0002_second.py",
            "calls/archive/migrations/0001_first.py",
        ],
    )
    def test_changes_with_what_decides_the_tables(self, repository, name):
        before = fingerprint(repository, repository / "data")
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text("other")

        assert fingerprint(repository, repository / "data") != before

    def test_stays_when_other_code_changes(self, repository):
        before = fingerprint(repository, repository / "data")
        (repository / "calls/views.py").write_text("other")

        assert fingerprint(repository, repository / "data") == before

    def test_changes_with_the_cluster(self, repository):
        before = fingerprint(repository, repository / "data")
        os.utime(repository / "data/PG_VERSION", ns=(1, 1))

        assert fingerprint(repository, repository / "data") != before
