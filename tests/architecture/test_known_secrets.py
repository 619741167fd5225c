"""Every secret that the settings read is on the list of who leaves."""

import ast
from collections.abc import Iterator
from pathlib import Path

from accounts.operators.known_secrets import GATEWAY_TOKEN, KNOWN_SECRETS

SETTINGS = Path(__file__).parents[2] / "sondervoice" / "settings"
# What may hold a secret: what NAME_FILE can name, and what a password stands in.
READERS = {"read_secret", "read_url", "read_database", "read_key_hashes", "read_mail"}
NO_SECRETS = {
    "AWS_ENDPOINT_URL": "an address; what opens it are the AWS credentials",
    "BREACH_LOOKUP_URL": "an address that anybody may ask",
    "KMS_ENDPOINT_URL": "an address; what opens it are the AWS credentials",
    "SECRET_KEY_FALLBACKS": "the keys of before: the step of SECRET_KEY empties it",
    "TELNYX_PUBLIC_KEY": "public",
}
# What no setting reads: a library does, and the database keeps a hash.
ELSEWHERE = {"AWS credentials", GATEWAY_TOKEN}


def _calls() -> Iterator[tuple[str, str]]:
    """Yield which function reads which variable."""
    for path in sorted(SETTINGS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id=reader), args=[ast.Constant(value=str(name)), *_]
                ):
                    yield reader, name


def _is_file_of_a_key(name: str) -> bool:
    return name.endswith("_PATH") and "KEY" in name


class TestKnownSecrets:
    def test_are_all_that_the_settings_read(self):
        found = {
            name
            for reader, name in _calls()
            if reader in READERS or _is_file_of_a_key(name)
        }

        assert found - set(NO_SECRETS) == set(KNOWN_SECRETS) - ELSEWHERE
        assert set(NO_SECRETS) - found == set()

    def test_say_each_how_it_is_rotated(self):
        assert set(KNOWN_SECRETS) >= ELSEWHERE
        assert [one.name for one in KNOWN_SECRETS.values() if not one.how] == []
