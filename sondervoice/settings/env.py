"""Reads settings from the environment: raises a sentence, never guesses.

An empty value counts as not set, so that a line of `.env.example` can stay as it is.
Each name is listed in `.env.example`; a test compares the two.
"""

import os
import re
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Made by a machine, so nothing is lost by asking for what cannot be guessed.
SHORTEST_KEY: Final = 32
_KEY_ARN: Final = re.compile(
    r"arn:aws(-[a-z]+)*:kms:[a-z]{2}(-[a-z]+)+-[0-9]:[0-9]{12}:key/[A-Za-z0-9-]{1,64}"
)
# Of a signed note (c2sp.org/signed-note): name, id, and a kind with 32 bytes.
_NOTE_KEY: Final = re.compile(r"[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}")
_BOOLEANS: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def read_str(name: str, *, default: str | None = None) -> str:
    """Return the variable as it stands.

    Raises:
        ImproperlyConfigured: If it is not set and there is no default.
    """
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set, and there is no default.")
    return default


def read_bool(name: str, *, default: bool | None = None) -> bool:
    """Return the variable as yes or no.

    Raises:
        ImproperlyConfigured: If it is neither, or not set without a default.
    """
    value = read_str(name, default=None if default is None else str(default))
    if value.lower() not in _BOOLEANS:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return _BOOLEANS[value.lower()]


def read_int(
    name: str,
    *,
    default: int | None = None,
    at_least: int | None = None,
    at_most: int | None = None,
) -> int:
    """Return the variable as a whole number within its bounds, both inclusive.

    Raises:
        ImproperlyConfigured: If it is no number, out of bounds, or not set without a
            default.
    """
    text = read_str(name, default=None if default is None else str(default))
    try:
        value = int(text)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} must be a whole number, not {text!r}."
        ) from None
    if at_least is not None and value < at_least:
        raise ImproperlyConfigured(f"{name} must be at least {at_least}, not {value}.")
    if at_most is not None and value > at_most:
        raise ImproperlyConfigured(f"{name} must be at most {at_most}, not {value}.")
    return value


def read_choice(
    name: str, choices: Sequence[str], *, default: str | None = None
) -> str:
    """Return the variable, which must be one of `choices`.

    Raises:
        ImproperlyConfigured: If it is another word, or not set without a default.
    """
    value = read_str(name, default=default)
    if value not in choices:
        known = ", ".join(choices)
        raise ImproperlyConfigured(f"{name} must be one of {known}, not {value!r}.")
    return value


def read_date(name: str) -> date | None:
    """Return the day in the variable; None when it is not set.

    Raises:
        ImproperlyConfigured: If it is not written as 2027-03-31.
    """
    text = read_str(name, default="")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} must be a day as 2027-03-31, not {text!r}."
        ) from None


def read_list(name: str, *, default: str = "") -> list[str]:
    """Return the comma-separated parts of the variable, without blanks around them."""
    parts = (part.strip() for part in read_str(name, default=default).split(","))
    return [part for part in parts if part]


def read_networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return the comma-separated networks of the variable; none when it is not set.

    Raises:
        ImproperlyConfigured: If one of them is no network.
    """
    try:
        return [ip_network(part) for part in read_list(name)]
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} must list networks as 192.0.2.0/24, with commas between."
        ) from None


def read_path(name: str, *, default: Path | None = None) -> Path:
    """Return the variable as an absolute path; relative ones start where we run.

    Raises:
        ImproperlyConfigured: If it is not set and there is no default.
    """
    text = read_str(name, default=None if default is None else str(default))
    return Path(text).expanduser().absolute()


def read_secret(name: str, *, default: str | None = None) -> str:
    """Return the secret from NAME, or the stripped text of the file NAME_FILE names.

    No message of this function holds the secret.

    Raises:
        ImproperlyConfigured: If both are set, the file is unreadable or empty, or
            neither is set and there is no default.
    """
    file_name = os.environ.get(f"{name}_FILE", "")
    if not file_name:
        return read_str(name, default=default)
    if os.environ.get(name, ""):
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    try:
        value = Path(file_name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        raise ImproperlyConfigured(
            f"{name}_FILE names {file_name!r}, which cannot be read ({reason})."
        ) from None
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE names {file_name!r}, which is empty.")
    return value


def read_key_hashes(name: str) -> list[bytes]:
    """Return the SHA-256 of each comma-separated key; none when it is not set.

    Raises:
        ImproperlyConfigured: If a key is shorter than 32 characters.
    """
    keys = [key.strip() for key in read_secret(name, default="").split(",")]
    if any(0 < len(key) < SHORTEST_KEY for key in keys):
        raise ImproperlyConfigured(
            f"{name} must list keys of {SHORTEST_KEY} characters or more."
        )
    return [sha256(key.encode()).digest() for key in keys if key]


def read_note_keys(name: str) -> list[str]:
    """Return the comma-separated public keys of signed notes; none when it is not set.

    Raises:
        ImproperlyConfigured: If one of them is anything else.
    """
    keys = read_list(name)
    if not all(map(_NOTE_KEY.fullmatch, keys)):
        raise ImproperlyConfigured(
            f"{name} must list lines of “manage.py ledger key”, with commas between."
        )
    return keys


def read_key_arn(name: str) -> str:
    """Return the ARN of a key of AWS KMS; empty when it is not set.

    Raises:
        ImproperlyConfigured: If it is anything else.
    """
    value = read_str(name, default="")
    return parse_key_arn(name, value) if value else ""


def parse_key_arn(name: str, value: str) -> str:
    """Return the ARN of a key of AWS KMS that stands in the variable.

    Raises:
        ImproperlyConfigured: If it is anything else: an alias may point elsewhere
            tomorrow, and a bare id says no region.
    """
    if not _KEY_ARN.fullmatch(value):
        raise ImproperlyConfigured(
            f"{name} must be a key's ARN, arn:aws:kms:REGION:ACCOUNT:key/ID."
        )
    return value


def read_e164(name: str) -> str:
    """Return the telephone number in the variable; empty when it is not set.

    Raises:
        ImproperlyConfigured: If it is not written as +13125550100.
    """
    value = read_str(name, default="")
    if value and not re.fullmatch(r"\+[1-9][0-9]{6,14}", value):
        raise ImproperlyConfigured(f"{name} must be a number as +13125550100.")
    return value


def read_url(name: str, *, schemes: Sequence[str], default: str | None = None) -> str:
    """Return the URL in the variable, or in the file NAME_FILE names.

    An empty default stands for "none"; `schemes` are written without the colon.

    Raises:
        ImproperlyConfigured: If it has another scheme or neither host nor path, or is
            not set without a default.
    """
    value = read_secret(name, default=default)
    if not value and default == "":
        return ""
    parts = _split(name, value)
    if parts.scheme not in schemes:
        known = ", ".join(f"{scheme}://" for scheme in schemes)
        raise ImproperlyConfigured(f"{name} must start with {known}.")
    if not (parts.netloc or parts.path):
        raise ImproperlyConfigured(f"{name} names neither a host nor a path.")
    return value


def read_database(name: str, *, default: str | None = None) -> dict[str, object]:
    """Return Django's settings for the PostgreSQL URL in the variable.

    The host may stand in the query (``?host=/run/pg``), as libpq writes sockets.
    Other query parameters become connection options (``sslmode=verify-full``).

    Raises:
        ImproperlyConfigured: If it is no PostgreSQL URL with a user and a database,
            or not set without a default.
    """
    value = read_url(name, schemes=("postgresql", "postgres"), default=default)
    parts = _split(name, value)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    database = unquote(parts.path.lstrip("/"))
    if not (database and parts.username):
        raise ImproperlyConfigured(f"{name} must name a user and a database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or str(parts.port or ""),
        "OPTIONS": dict(query),
    }


def refuse(planned: Mapping[str, str]) -> None:
    """Refuse to start with a setting that would do nothing yet.

    Args:
        planned: What this version does instead, by the setting's name; NAME_FILE counts
            as NAME.

    Raises:
        ImproperlyConfigured: If one of them is set.
    """
    for name, instead in planned.items():
        if os.environ.get(name) or os.environ.get(f"{name}_FILE"):
            raise ImproperlyConfigured(
                f"{name} is set, but this version does not have it yet: {instead}. "
                "Take it away to start."
            )


def redis_client_url(url: str) -> str:
    """Return the URL as redis-py wants it.

    Celery calls a socket ``redis+socket://``, redis-py ``unix://``; the number of the
    database is ``virtual_host`` to the one and ``db`` to the other.
    """
    if not url.startswith("redis+socket://"):
        return url
    rest = url.removeprefix("redis+socket://").replace("virtual_host=", "db=")
    return f"unix://{rest}"


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # parsed only when asked for
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not a URL.") from None
    return parts
