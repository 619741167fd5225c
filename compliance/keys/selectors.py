"""What may be shown about the keys that seal a clinic's data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from compliance.keys.keys import MONTH_PREFIX, key_store, key_wrapping
from compliance.keys.provider import ROTATED_EVERY, Description, Wrapped
from compliance.keys.sealing import SealBrokenError
from compliance.keys.store import KeyGoneError


@dataclass(frozen=True, slots=True, kw_only=True)
class RootKey:
    """Who wraps, and since when.

    Attributes:
        rotated_at: Null before the first rotation.
    """

    about: Description
    made_at: datetime
    rotated_at: datetime | None
    rotates_at: datetime
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCounts:
    """How many keys there are.

    Attributes:
        months: Keys of months.
        waiting: Keys that an older root key still wraps, or that do not say whose they
            are.
        clinics: Clinics that have keys.
    """

    months: int
    waiting: int
    clinics: int


def find_root_key() -> RootKey:
    """Return what stands today."""
    provider = key_wrapping().current
    first, *later = provider.generations()
    newest = later[-1] if later else first
    return RootKey(
        about=provider.describe(),
        made_at=first.made_at,
        rotated_at=newest.made_at if later else None,
        rotates_at=newest.made_at + ROTATED_EVERY,
        generation=newest.number,
    )


def count_keys(organization_id: UUID | None) -> KeyCounts:
    """Return the counts of one clinic, or of all of them together."""
    store = key_store()
    found = [organization_id] if organization_id else list(store.organizations())
    named = [(one, name) for one in found for name in store.root_wrapped(one)]
    return KeyCounts(
        months=sum(name.startswith(MONTH_PREFIX) for _, name in named),
        waiting=sum(_is_waiting(one, name) for one, name in named),
        clinics=len({one for one, _ in named}),
    )


def _is_waiting(organization_id: UUID, name: str) -> bool:
    try:
        raw = key_store().get(organization_id, name)
        return not key_wrapping().is_newest(Wrapped.from_bytes(raw))
    except KeyGoneError:
        return False
    except SealBrokenError:
        return True
