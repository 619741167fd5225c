"""The keys of an organization and of each of its calls.

The root key wraps the organization's key of a month; a call's own random key is
wrapped under HKDF(that month's key, call id). Field values of no call are sealed under
HKDF(month's key, "fields"). Unwrapped month keys are held in memory for ten minutes.
"""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Final
from uuid import UUID

from django.conf import settings

from compliance.keys.aws_kms import AwsKms
from compliance.keys.keyring import LocalKeyring
from compliance.keys.sealing import (
    Place,
    SealBrokenError,
    blind_index,
    derive,
    new_key,
    seal,
    unseal,
)
from compliance.keys.store import CALL_PREFIX, FileKeyStore, KeyGoneError
from compliance.keys.wrapping import Wrapping
from sondervoice.kernel.clock import utc_now

HELD_S: Final = 600
EPOCH_BYTES: Final = 6


class Keys:
    """Makes, finds and destroys keys.

    All methods read small files and block for well under a millisecond, but for a key
    service, which is waited for when a month's key was not used for ten minutes. The
    media process calls them on its thread pool, not on the loop.
    """

    def __init__(self, wrapping: Wrapping, store: FileKeyStore) -> None:
        """Wrap with `wrapping`, keep in `store`."""
        self._wrapping = wrapping
        self._store = store
        self._held: dict[tuple[UUID, str], tuple[float, bytes]] = {}
        self._fields: dict[tuple[UUID, str], tuple[bytes, bytes]] = {}

    def make_call_key(
        self, *, organization_id: UUID, call_id: UUID, now: datetime
    ) -> bytes:
        """Return the call's own key, made now unless it exists."""
        epoch = _epoch(now)
        wrapping = self._call_wrapping(organization_id, call_id, epoch)
        place = Place(organization_id, "call_keys", "key", call_id)
        wrapped = epoch.encode() + seal(wrapping, new_key(), place)
        standing = self._store.put(organization_id, f"{CALL_PREFIX}{call_id}", wrapped)
        return self._open_call_key(organization_id, call_id, standing)

    def call_key(self, *, organization_id: UUID, call_id: UUID) -> bytes:
        """Return the call's own key.

        Raises:
            KeyGoneError: If it was never made or has been destroyed.
            SealBrokenError: If the key's file was changed.
        """
        wrapped = self._store.get(organization_id, f"{CALL_PREFIX}{call_id}")
        return self._open_call_key(organization_id, call_id, wrapped)

    def destroy_call_key(self, *, organization_id: UUID, call_id: UUID) -> None:
        """Make all that was sealed for this call unreadable, for good."""
        self._store.destroy(organization_id, f"{CALL_PREFIX}{call_id}")

    def destroy_all(self, organization_id: UUID) -> None:
        """Make all that was ever sealed for this organization unreadable, for good.

        Another process that used a key keeps it in memory for `HELD_S` at most.
        """
        self._store.destroy_all(organization_id)
        for held in (self._held, self._fields):
            for place in [one for one in held if one[0] == organization_id]:
                held.pop(place, None)

    def has_any(self, organization_id: UUID) -> bool:
        """Return whether any key of this organization is kept."""
        return self._store.has_any(organization_id)

    def seal_field(self, plain: str, place: Place, *, now: datetime) -> bytes:
        """Return text sealed under the organization's key of this month."""
        epoch = _epoch(now)
        key = self._fields_key(place.organization_id, epoch)
        return epoch.encode() + seal(key, plain.encode(), place)

    def unseal_field(self, sealed: bytes, place: Place) -> str:
        """Return the text again.

        Raises:
            KeyGoneError: If the month's key has been destroyed.
            SealBrokenError: If it was changed or belongs elsewhere.
        """
        epoch = _epoch_of(bytes(sealed))
        key = self._fields_key(place.organization_id, epoch, make=False)
        return unseal(key, bytes(sealed[EPOCH_BYTES:]), place).decode()

    def index(self, organization_id: UUID, *, kind: str, value: str) -> bytes:
        """Return the blind index of a value within one organization."""
        key = self._named(organization_id, "index", make=True)
        return blind_index(key, kind=kind, value=value)

    def _open_call_key(
        self, organization_id: UUID, call_id: UUID, wrapped: bytes
    ) -> bytes:
        epoch = _epoch_of(wrapped)
        wrapping = self._call_wrapping(organization_id, call_id, epoch, make=False)
        place = Place(organization_id, "call_keys", "key", call_id)
        return unseal(wrapping, wrapped[EPOCH_BYTES:], place)

    def _call_wrapping(
        self, organization_id: UUID, call_id: UUID, epoch: str, *, make: bool = True
    ) -> bytes:
        month = self._month_key(organization_id, epoch, make=make)
        return derive(month, purpose=b"call" + call_id.bytes)

    def _month_key(
        self, organization_id: UUID, epoch: str, *, make: bool = True
    ) -> bytes:
        return self._named(organization_id, f"month-{epoch}", make=make)

    def _fields_key(
        self, organization_id: UUID, epoch: str, *, make: bool = True
    ) -> bytes:
        """Return the key of fields, derived anew only when the month's key was read."""
        month = self._month_key(organization_id, epoch, make=make)
        held = self._fields.get((organization_id, epoch))
        if held is None or held[0] is not month:
            held = (month, derive(month, purpose=b"fields"))
            self._fields[organization_id, epoch] = held
        return held[1]

    def _named(self, organization_id: UUID, name: str, *, make: bool) -> bytes:
        held = self._held.get((organization_id, name))
        if held is not None and monotonic() - held[0] < HELD_S:
            return held[1]
        try:
            wrapped = self._store.get(organization_id, name)
        except KeyGoneError:
            if not make:
                raise
            wrapped = self._make(organization_id, name)
        key = self._wrapping.unwrap(wrapped, organization_id=organization_id, name=name)
        self._held[organization_id, name] = (monotonic(), key)
        return key

    def _make(self, organization_id: UUID, name: str) -> bytes:
        with self._store.making():
            fresh = self._wrapping.wrap(
                new_key(), organization_id=organization_id, name=name
            )
            return self._store.put(organization_id, name, fresh)


def _epoch(now: datetime) -> str:
    return now.strftime("%Y%m")


def _epoch_of(sealed: bytes) -> str:
    """Return the month whose key is needed; a damaged one names no file of ours."""
    epoch = sealed[:EPOCH_BYTES].decode("ascii", "replace")
    if len(epoch) != EPOCH_BYTES or not (epoch.isascii() and epoch.isdecimal()):
        raise SealBrokenError("it names no month")
    return epoch


@lru_cache(maxsize=1)
def key_store() -> FileKeyStore:
    """Return where this installation keeps its wrapped keys."""
    return FileKeyStore(Path(settings.KEY_STORE_DIR))


@lru_cache(maxsize=1)
def key_wrapping() -> Wrapping:
    """Return who wraps this installation's keys, as the settings name them.

    With a key service the keyring, where there is one, still opens what it wrapped.
    """
    path = Path(settings.KEYRING_PATH)
    if not settings.KMS_KEY_ID:
        return Wrapping(LocalKeyring(path))
    kms = AwsKms(
        settings.KMS_KEY_ID,
        endpoint_url=settings.KMS_ENDPOINT_URL,
        generations=Path(settings.KEY_STORE_DIR) / "kms-generations",
        clock=utc_now,
    )
    return Wrapping(kms, *([LocalKeyring(path)] if path.exists() else []))


@lru_cache(maxsize=1)
def keys() -> Keys:
    """Return the keys of this installation, as the settings name them."""
    return Keys(key_wrapping(), key_store())
