"""Keys shaped for the page: what each may do, from where, and how it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from accounts.actors import Actor
from accounts.machines.scope_words import SHORT_WORDS
from accounts.machines.selectors.keys import list_keys
from accounts.models import ApiKey

# Long enough to give a program its next key on a working day.
WARN_BEFORE: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class KeyBadge:
    """How a key stands; `form` and `tone` are classes of the style sheet."""

    form: str
    tone: str
    icon: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """One key.

    Attributes:
        may: What it may read, in words.
        networks: From where; empty means from everywhere.
        is_over: It opens nothing any more.
    """

    id: UUID
    name: str
    prefix: str
    may: str
    networks: list[str]
    made_by: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    badge: KeyBadge
    is_over: bool


def list_key_rows(*, actor: Actor, now: datetime) -> list[KeyRow]:
    """Return all keys, those that work first, each group the newest first.

    Raises:
        PermissionMissingError: If the actor may not see keys.
    """
    found = [key_row(key, now=now) for key in list_keys(actor=actor)]
    return sorted(found, key=lambda row: row.is_over)


def key_row(key: ApiKey, *, now: datetime) -> KeyRow:
    """Return the key as a row."""
    rule = getattr(key, "rule", None)
    maker = rule.made_by if rule else None
    return KeyRow(
        id=key.id,
        name=key.name,
        prefix=f"sv_{key.prefix}_…",
        may=", ".join(SHORT_WORDS.get(word, word) for word in key.scopes),
        networks=rule.networks if rule else [],
        made_by=(maker.full_name or maker.email) if maker else "",
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        expires_at=key.expires_at,
        ended_at=key.revoked_at,
        badge=_badge(key, now),
        is_over=_is_over(key, now),
    )


def _is_over(key: ApiKey, now: datetime) -> bool:
    has_expired = key.expires_at is not None and key.expires_at <= now
    return key.revoked_at is not None or has_expired


def _badge(key: ApiKey, now: datetime) -> KeyBadge:
    if key.revoked_at is not None:
        return KeyBadge("tag", "plain", "key-round", "Ended")
    if key.expires_at is None or key.expires_at > now + WARN_BEFORE:
        return KeyBadge("tag", "good", "check", "Works")
    if key.expires_at <= now:
        return KeyBadge("tag", "plain", "clock-alert", "Expired")
    days = (key.expires_at - now).days
    words = "Ends in 1 day" if days == 1 else f"Ends in {days} days"
    return KeyBadge("tag", "person", "hourglass", words if days else "Ends today")
