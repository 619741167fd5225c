import ast
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sondervoice.embedded.environment import read_dotenv
from sondervoice.embedded.layout import REPOSITORY
from sondervoice.settings import env
from sondervoice.settings.planned import PLANNED


@pytest.fixture
def given(monkeypatch):
    def put(value: str, name: str = "SETTING") -> None:
        monkeypatch.setenv(name, value)

    monkeypatch.delenv("SETTING", raising=False)
    monkeypatch.delenv("SETTING_FILE", raising=False)
    return put


class TestReadStr:
    def test_refuses_what_is_not_set(self, given):
        with pytest.raises(ImproperlyConfigured, match="SETTING is not set"):
            env.read_str("SETTING")

    def test_takes_an_empty_value_for_not_set(self, given):
        given("")

        assert env.read_str("SETTING", default="then this") == "then this"


class TestReadE164:
    def test_takes_a_whole_number_or_none(self, given):
        given("+13125550100")
        assert env.read_e164("SETTING") == "+13125550100"
        given("")
        assert env.read_e164("SETTING") == ""

    @pytest.mark.parametrize("text", ["3125550100", "+0312", "+1 312 555 0100", "+1x"])
    def test_refuses_any_other(self, given, text):
        given(text)

        with pytest.raises(ImproperlyConfigured, match=r"\+13125550100"):
            env.read_e164("SETTING")


class TestReadDate:
    def test_takes_a_day_or_none(self, given):
        given("2027-03-31")
        assert env.read_date("SETTING") == date(2027, 3, 31)
        given("")
        assert env.read_date("SETTING") is None

    def test_refuses_any_other(self, given):
        given("31 March")

        with pytest.raises(ImproperlyConfigured, match="2027-03-31"):
            env.read_date("SETTING")


class TestReadBool:
    @pytest.mark.parametrize(
        ("text", "meaning"),
        [("1", True), ("Yes", True), ("on", True), ("0", False), ("FALSE", False)],
    )
    def test_knows_the_usual_words(self, given, text, meaning):
        given(text)

        assert env.read_bool("SETTING") is meaning

    def test_refuses_another_word(self, given):
        given("maybe")

        with pytest.raises(ImproperlyConfigured, match="true or false, not 'maybe'"):
            env.read_bool("SETTING", default=False)

    def test_has_a_default(self, given):
        assert env.read_bool("SETTING", default=True) is True


class TestReadInt:
    def test_reads_within_its_bounds(self, given):
        given("65534")

        assert env.read_int("SETTING", at_least=1, at_most=65534) == 65534

    @pytest.mark.parametrize(
        ("text", "reason"),
        [("8k", "whole number"), ("0", "at least 1"), ("9", "at most 8")],
    )
    def test_refuses_what_is_outside(self, given, text, reason):
        given(text)

        with pytest.raises(ImproperlyConfigured, match=reason):
            env.read_int("SETTING", at_least=1, at_most=8)


class TestReadChoice:
    def test_refuses_an_unknown_word_and_names_the_known(self, given):
        given("gcp")

        with pytest.raises(ImproperlyConfigured, match="one of aws, local, not 'gcp'"):
            env.read_choice("SETTING", ["aws", "local"])


class TestReadList:
    def test_drops_blanks(self, given):
        given(" a.example, ,b.example ")

        assert env.read_list("SETTING") == ["a.example", "b.example"]


class TestReadNetworks:
    def test_gives_networks_of_both_kinds_and_single_addresses(self, given):
        given("192.0.2.0/24, 2001:db8::1")

        assert list(map(str, env.read_networks("SETTING"))) == [
            "192.0.2.0/24",
            "2001:db8::1/128",
        ]

    @pytest.mark.parametrize("text", ["here", "192.0.2.1/24", "192.0.2.0/33"])
    def test_refuses_what_is_none(self, given, text):
        given(text)

        with pytest.raises(ImproperlyConfigured, match="must list networks"):
            env.read_networks("SETTING")


class TestReadKeyHashes:
    def test_gives_a_hash_for_each_key(self, given):
        given(f"{'a' * 32}, {'b' * 40}")

        assert env.read_key_hashes("SETTING") == [
            sha256(b"a" * 32).digest(),
            sha256(b"b" * 40).digest(),
        ]

    def test_refuses_one_that_is_short_without_saying_it(self, given):
        given(f"{'a' * 32},canary")

        with pytest.raises(ImproperlyConfigured, match="32 characters") as refusal:
            env.read_key_hashes("SETTING")
        assert "canary" not in str(refusal.value)

    def test_gives_none_when_it_is_not_set(self, given):
        given("")

        assert env.read_key_hashes("SETTING") == []


class TestReadSecret:
    def test_reads_the_file_it_is_pointed_to(self, given, tmp_path):
        path = tmp_path / "secret"
        path.write_text("s3cret\n")
        given(str(path), "SETTING_FILE")

        assert env.read_secret("SETTING") == "s3cret"

    def test_refuses_two_sources(self, given, tmp_path):
        given("canary")
        given(str(tmp_path), "SETTING_FILE")

        with pytest.raises(ImproperlyConfigured, match="not both") as refusal:
            env.read_secret("SETTING")
        assert "canary" not in str(refusal.value)

    def test_refuses_a_file_that_is_missing_or_empty(self, given, tmp_path):
        path = tmp_path / "secret"
        given(str(path), "SETTING_FILE")
        with pytest.raises(ImproperlyConfigured, match="cannot be read"):
            env.read_secret("SETTING", default="never")

        path.write_text(" \n")
        with pytest.raises(ImproperlyConfigured, match="is empty"):
            env.read_secret("SETTING", default="never")


class TestReadUrl:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("http://host", "must start with redis://, rediss://"),
            ("redis://", "neither a host nor a path"),
            ("redis://host:port", "is not a URL"),
        ],
    )
    def test_refuses_nonsense(self, given, text, reason):
        given(text)

        with pytest.raises(ImproperlyConfigured, match=reason):
            env.read_url("SETTING", schemes=["redis", "rediss"])

    def test_takes_an_empty_default_for_none(self, given):
        assert env.read_url("SETTING", schemes=["redis"], default="") == ""


class TestReadDatabase:
    def test_reads_a_socket_from_the_query(self, given):
        given("postgresql://sv_app:p%40ss@/sondervoice?host=%2Frun%2Fpg%20x")

        assert env.read_database("SETTING") == {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "sondervoice",
            "USER": "sv_app",
            "PASSWORD": "p@ss",
            "HOST": "/run/pg x",
            "PORT": "",
            "OPTIONS": {},
        }

    def test_hands_other_parameters_to_the_connection(self, given):
        given("postgres://app:pw@db.example:6432/clinic?sslmode=verify-full")

        found = env.read_database("SETTING")

        assert (found["HOST"], found["PORT"]) == ("db.example", "6432")
        assert found["OPTIONS"] == {"sslmode": "verify-full"}

    @pytest.mark.parametrize(
        "text", ["mysql://a@b/c", "postgresql://host/db", "postgresql://user@host/"]
    )
    def test_refuses_what_names_no_role_or_database(self, given, text):
        given(text)

        with pytest.raises(ImproperlyConfigured):
            env.read_database("SETTING")


class TestRedisClientUrl:
    def test_turns_a_socket_and_leaves_the_rest(self):
        socket = "redis+socket:///run/r.sock?virtual_host=2"

        assert env.redis_client_url(socket) == "unix:///run/r.sock?db=2"
        assert env.redis_client_url("rediss://host:1/0") == "rediss://host:1/0"


class TestRefuse:
    @pytest.mark.parametrize("name", sorted(PLANNED))
    def test_says_in_one_line_what_is_not_there_yet(self, given, name):
        given("canary", name)

        with pytest.raises(ImproperlyConfigured) as refusal:
            env.refuse(PLANNED)
        assert str(refusal.value) == (
            f"{name} is set, but this version does not have it yet: {PLANNED[name]}. "
            "Take it away to start."
        )

    def test_looks_at_what_names_a_file_too(self, given):
        given("/run/secrets/stripe", "STRIPE_SECRET_KEY_FILE")

        with pytest.raises(ImproperlyConfigured, match=r"^STRIPE_SECRET_KEY is set"):
            env.refuse(PLANNED)

    def test_takes_an_empty_value_for_not_set(self, given):
        given("", "SENTRY_DSN")

        env.refuse(PLANNED)


class TestReadKeyArn:
    @pytest.mark.parametrize(
        "arn",
        [
            "",
            "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd",
        ],
    )
    def test_takes_a_keys_name_in_full(self, given, arn: str):
        given(arn)

        assert env.read_key_arn("SETTING") == arn

    @pytest.mark.parametrize(
        "other",
        [
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "alias/ours",
            "arn:aws:kms:eu-central-1:111122223333:alias/ours",
            "arn:aws:s3:eu-central-1:111122223333:key/1234abcd",
            "arn:aws:kms::111122223333:key/1234abcd",
            "arn:aws:kms:eu-central-1:111122223333:key/1234abcd\n",
        ],
    )
    def test_refuses_all_else(self, given, other: str):
        given(other)

        with pytest.raises(ImproperlyConfigured, match="must be a key's ARN"):
            env.read_key_arn("SETTING")


class TestReadNoteKeys:
    KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

    def test_takes_several(self, given):
        given(f"{self.KEY}, {self.KEY}")

        assert env.read_note_keys("SETTING") == [self.KEY, self.KEY]

    @pytest.mark.parametrize("other", [KEY[:-1], KEY[16:], f"{KEY};{KEY}", "key"])
    def test_refuses_all_else(self, given, other: str):
        given(other)

        with pytest.raises(ImproperlyConfigured, match="must list lines"):
            env.read_note_keys("SETTING")


def _names_read(path: Path) -> set[str]:
    calls = (
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
    )
    return {
        ast.literal_eval(call.args[0])
        for call in calls
        # A reader that passes its own argument on names no setting.
        if call.func.id.startswith("read_") and isinstance(call.args[0], ast.Constant)
    }


class TestEnvExample:
    def test_lists_every_name_that_settings_read(self):
        lines = (REPOSITORY / ".env.example").read_text().splitlines()
        listed = {line.partition("=")[0] for line in lines if line and line[0] != "#"}
        modules = (REPOSITORY / "sondervoice" / "settings").glob("*.py")
        read = {
            name
            for path in modules
            if path.name != "env.py"
            for name in _names_read(path)
        }

        assert (read | set(PLANNED)) - listed == set()
        assert "DATABASE_URL" in read

    def test_sets_nothing(self):
        assert read_dotenv(REPOSITORY / ".env.example") == {}
