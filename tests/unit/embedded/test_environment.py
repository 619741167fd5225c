import pytest

from sondervoice.embedded import environment
from sondervoice.embedded.errors import EmbeddedError


class TestReadDotenv:
    def test_reads_as_a_shell_would(self, tmp_path):
        path = tmp_path / ".env"
        path.write_text(
            "# a remark\n\nPORT=8100\nexport HOST=0.0.0.0  # all\n"
            "NAME=\"Alder Clinic\"\nTOKEN='a#b'\nURL=redis://h/0?a=b\nEMPTY=\n"
        )

        assert environment.read_dotenv(path) == {
            "PORT": "8100",
            "HOST": "0.0.0.0",  # noqa: S104 (only read)
            "NAME": "Alder Clinic",
            "TOKEN": "a#b",
            "URL": "redis://h/0?a=b",
        }

    @pytest.mark.parametrize("line", ["PORT 8100", "A=b c", "A='b", "1A=b"])
    def test_refuses_another_line_with_its_number(self, tmp_path, line):
        path = tmp_path / ".env"
        path.write_text(f"PORT=1\n{line}\n")

        with pytest.raises(EmbeddedError, match="line 2: write NAME=value"):
            environment.read_dotenv(path)

    def test_finds_nothing_in_a_missing_file(self, tmp_path):
        assert environment.read_dotenv(tmp_path / ".env") == {}


class TestLoad:
    def test_keeps_what_is_set(self, monkeypatch, tmp_path):
        (tmp_path / ".env").write_text("DATABASE_URL=postgresql://b\nPORT=2\n")
        monkeypatch.setattr(environment, "REPOSITORY", tmp_path)
        known = {"DATABASE_URL": "postgresql://a"}

        assert environment.load(known) is True
        assert known == {"DATABASE_URL": "postgresql://a", "PORT": "2"}

    def test_says_when_nothing_runs(self, monkeypatch, tmp_path):
        monkeypatch.setattr(environment, "REPOSITORY", tmp_path)

        assert environment.load({"DATA_DIR": str(tmp_path)}) is False

    def test_does_not_believe_what_a_killed_product_left(self, monkeypatch, tmp_path):
        monkeypatch.setattr(environment, "REPOSITORY", tmp_path)
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "lock").write_text("1")
        (tmp_path / "run" / "env.json").write_text('{"DATABASE_URL": "x"}')

        assert environment.load({"DATA_DIR": str(tmp_path)}) is False
