import sys

import pytest

from sondervoice.embedded import bootstrap


@pytest.fixture
def venv(monkeypatch, tmp_path):
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(f"{name}==1\n")
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(bootstrap, "REPOSITORY", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", folder)
    monkeypatch.setattr(bootstrap, "PYTHON", folder / "bin" / "python")
    monkeypatch.setattr(bootstrap, "UNFINISHED", folder / ".unfinished")
    return folder


@pytest.fixture
def calls(monkeypatch):
    made = []
    monkeypatch.setattr(bootstrap, "install", lambda path: made.append(path.name))
    monkeypatch.setattr(
        bootstrap.os, "execv", lambda _path, words: made.append(words[1:])
    )
    return made


def stamp(name):
    requirements = bootstrap.REPOSITORY / name
    text = bootstrap.fingerprint(requirements)
    bootstrap.stamp_of(requirements).write_text(text)


class TestMain:
    def test_installs_the_first_time(self, venv, calls):
        bootstrap.main("-m", "sondervoice.embedded", "up")

        assert calls == ["requirements.txt", ["-m", "sondervoice.embedded", "up"]]

    def test_goes_straight_on_when_the_list_is_installed(self, venv, calls):
        stamp("requirements.txt")

        bootstrap.main("-m", "sondervoice.embedded", "up")

        assert calls == [["-m", "sondervoice.embedded", "up"]]

    def test_takes_the_developers_list_for_both(self, venv, calls):
        stamp("requirements-dev.txt")

        bootstrap.main("-V")

        assert calls == [["-V"]]

    def test_installs_the_developers_list_over_the_other(self, venv, calls):
        stamp("requirements.txt")

        bootstrap.main("--dev")

        assert calls == ["requirements-dev.txt"]

    @pytest.mark.parametrize("damage", ["interrupted", "changed", "no python"])
    def test_installs_again_after_damage(self, venv, calls, damage):
        stamp("requirements.txt")
        if damage == "interrupted":
            bootstrap.UNFINISHED.touch()
        elif damage == "changed":
            (bootstrap.REPOSITORY / "requirements.txt").write_text("other==2\n")
        else:
            bootstrap.PYTHON.unlink()

        bootstrap.main()

        assert calls == ["requirements.txt"]


class TestUseNewPython:
    def test_says_in_one_line_that_there_is_none(self, monkeypatch, capsys):
        monkeypatch.setattr(bootstrap, "OLDEST", (4, 0))
        monkeypatch.setattr(bootstrap, "NEWER_NAMES", ())

        with pytest.raises(SystemExit):
            bootstrap.use_new_python()

        assert capsys.readouterr().err.startswith("Python 3.11 or newer is needed")


class TestMakeVenv:
    def test_names_the_package_when_ensurepip_is_missing(self, monkeypatch, capsys):
        monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda _name: None)

        with pytest.raises(SystemExit):
            bootstrap.make_venv()

        assert "apt install python3-venv" in capsys.readouterr().err


class TestPythonOfVenv:
    @pytest.fixture
    def trials(self, monkeypatch, tmp_path):
        """Let this Python take a second, and the system's python3 what is told."""
        monkeypatch.delenv("PYTHON", raising=False)
        monkeypatch.setattr(bootstrap.os, "defpath", str(tmp_path))
        ours = tmp_path / "ours"
        monkeypatch.setattr(bootstrap.sys, "executable", str(ours))
        _write(ours, "echo 1.0")

        def system(does):
            return _write(tmp_path / "python3", does)

        return system

    def test_is_the_systems_where_that_is_much_faster(self, trials):
        python = trials("echo 0.6")

        assert bootstrap.python_of_venv() == python

    @pytest.mark.parametrize("does", ["echo 0.9", "echo 0.1; exit 1"])
    def test_is_ours_where_the_systems_is_no_faster_or_will_not_do(self, trials, does):
        trials(does)

        assert bootstrap.python_of_venv() == bootstrap.sys.executable

    def test_is_ours_where_the_system_has_none(self, trials):
        assert bootstrap.python_of_venv() == bootstrap.sys.executable

    def test_is_the_one_that_was_named(self, trials, monkeypatch):
        trials("echo 0.1")
        monkeypatch.setenv("PYTHON", "python3.13")

        assert bootstrap.python_of_venv() == bootstrap.sys.executable


class TestTrial:
    def test_takes_some_milliseconds(self):
        assert 0 < bootstrap.trial_s(sys.executable) < 60

    def test_of_one_that_is_too_old_never_ends(self, monkeypatch):
        old = bootstrap.TRIAL.replace(str(bootstrap.OLDEST), "(4, 0)")
        assert old != bootstrap.TRIAL
        monkeypatch.setattr(bootstrap, "TRIAL", old)

        assert bootstrap.trial_s(sys.executable) == float("inf")


def _write(path, does):
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return str(path)
