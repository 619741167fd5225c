import os
import stat

import pytest

from sondervoice.embedded.layout import prepare


@pytest.fixture
def tight_umask():
    before = os.umask(0o077)
    yield
    os.umask(before)


class TestPrepare:
    def test_lets_nobody_in_but_who_must_pass(self, tight_umask, data_dir):
        layout = prepare(data_dir)

        modes = {
            path.name: oct(stat.S_IMODE(path.stat().st_mode))
            for path in (data_dir, *data_dir.iterdir())
        }
        private = dict.fromkeys(("secrets", "run", "logs", "redis"), "0o700")
        expected = "0o711" if os.geteuid() == 0 else "0o700"
        assert modes == {"var": expected, **private}
        assert layout.postgres == data_dir / "postgres"

    def test_leaves_a_folder_that_was_there_as_it_is(self, data_dir):
        data_dir.mkdir()
        data_dir.chmod(0o750)

        prepare(data_dir)

        assert oct(stat.S_IMODE(data_dir.stat().st_mode)) == "0o750"
