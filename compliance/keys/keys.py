"""The keys of an organization, of each of its calls, and of some rows.

The root key wraps the organization's keys of months and days; a call's own random key,
or a row's, is wrapped under HKDF(that month's key, its id). Other field values are
sealed under HKDF(key of the month or day, "fields"). Unwrapped keys of months and days
are held in memory for ten minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Final
from uuid import UUID

from django.conf import settings

from compliance.keys.aws_kms import AwsKms
from compliance.keys.keyring import LocalKeyring
from compliance.keys.sealing import (
    VERSION,
    Place,
    SealBrokenError,
    blind_index,
    derive,
    new_key,
    seal,
    unseal,
)
from compliance.keys.store import (
    CALL_PREFIX,
    ROW_PREFIX,
    FileKeyStore,
    KeyGoneError,
)
from compliance.keys.wrapping import Wrapping
from sondervoice.kernel.clock import utc_now

HELD_S: Final = 600
MONTH_PREFIX: Final = "month-"
DAY_PREFIX: Final = "day-"
_DAY: Final = "%Y%m%d"
_MONTH_DIGITS: Final = 6
_EPOCH_DIGITS: Final = (_MONTH_DIGITS, 8)


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
        return self._make_own(_call(organization_id, call_id), now=now)

    def call_key(self, *, organization_id: UUID, call_id: UUID) -> bytes:
        """Return the call's own key.

        Raises:
            KeyGoneError: If it was never made or has been destroyed.
            SealBrokenError: If the key's file was changed.
        """
        return self._own(_call(organization_id, call_id))

    def destroy_call_key(self, *, organization_id: UUID, call_id: UUID) -> None:
        """Make all that was sealed for this call unreadable, for good."""
        self.destroy_call_keys(organization_id, [call_id])

    def destroy_call_keys(self, organization_id: UUID, ids: Iterable[UUID]) -> None:
        """Make all that was sealed for these calls unreadable, for good."""
        self._store.destroy_own(organization_id, (f"{CALL_PREFIX}{one}" for one in ids))

    def call_keys_left(self, organization_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
        """Return those of the calls that have a key."""
        names = {f"{CALL_PREFIX}{one}": one for one in ids}
        return {names[one] for one in self._store.present(organization_id, names)}

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

    def seal_row(
        self, plain: str, place: Place, *, now: datetime, key_id: UUID | None = None
    ) -> bytes:
        """Return text sealed under a key that the row alone has, made if need be.

        It is for personal data of no call: with the key it goes from every copy of the
        database.

        Args:
            key_id: Of a second key of the row's, for what goes on another day.
        """
        own = _row(place.organization_id, key_id or place.row_id)
        return seal(self._make_own(own, now=now), plain.encode(), place)

    def unseal_row(
        self, sealed: bytes, place: Place, *, key_id: UUID | None = None
    ) -> str:
        """Return the text again.

        Args:
            key_id: As `seal_row` was told.

        Raises:
            KeyGoneError: If the row's key has been destroyed.
            SealBrokenError: If it was changed or belongs elsewhere.
        """
        key = self._own(_row(place.organization_id, key_id or place.row_id))
        return unseal(key, bytes(sealed), place).decode()

    def destroy_row_key(self, *, organization_id: UUID, row_id: UUID) -> None:
        """Make all that was sealed for this row unreadable, for good."""
        self._store.destroy(organization_id, _row(organization_id, row_id).name)

    def has_row_key(self, *, organization_id: UUID, row_id: UUID) -> bool:
        """Return whether the row has a key."""
        try:
            self._store.get(organization_id, _row(organization_id, row_id).name)
        except KeyGoneError:
            return False
        return True

    def seal_field(self, plain: str, place: Place, *, now: datetime) -> bytes:
        """Return text sealed under the organization's key of this month."""
        return self._seal_in(_month(now), plain, place)

    def seal_passing(self, plain: str, place: Place, *, now: datetime) -> bytes:
        """Return text sealed under the organization's key of this day.

        It is for what is sealed anew, or gone, within some days: `end_days` then takes
        the key, and with it what older copies of the database have of it.
        """
        return self._seal_in(_day(now), plain, place)

    def unseal_field(self, sealed: bytes, place: Place) -> str:
        """Return the text of `seal_field` or `seal_passing` again.

        Raises:
            KeyGoneError: If the key of the month or day has been destroyed.
            SealBrokenError: If it was changed or belongs elsewhere.
        """
        epoch = _epoch_of(bytes(sealed))
        key = self._fields_key(place.organization_id, epoch, make=False)
        return unseal(key, bytes(sealed[len(epoch) :]), place).decode()

    def end_days(self, organization_id: UUID, *, before: date) -> int:
        """Destroy the keys of all days before this one; return how many."""
        old = [
            name
            for name in self._store.root_wrapped(organization_id)
            if name.startswith(DAY_PREFIX)
            and name < f"{DAY_PREFIX}{before.strftime(_DAY)}"
        ]
        for name in old:
            self._store.destroy(organization_id, name)
            self._held.pop((organization_id, name), None)
            self._fields.pop((organization_id, name.removeprefix(DAY_PREFIX)), None)
        return len(old)

    def index(
        self, organization_id: UUID, *, kind: str, value: str, make: bool = True
    ) -> bytes:
        """Return the blind index of a value within one organization.

        Args:
            make: The key is made where there is none: for what is to be kept.

        Raises:
            KeyGoneError: If there is no key, and so nothing that it would find.
        """
        key = self._named(organization_id, "index", make=make)
        return blind_index(key, kind=kind, value=value)

    def _make_own(self, own: "_Own", *, now: datetime) -> bytes:
        epoch = _month(now)
        wrapping = self._own_wrapping(own, epoch)
        wrapped = epoch.encode() + seal(wrapping, new_key(), own.place)
        standing = self._store.put(own.place.organization_id, own.name, wrapped)
        return self._open_own(own, standing)

    def _own(self, own: "_Own") -> bytes:
        return self._open_own(own, self._store.get(own.place.organization_id, own.name))

    def _open_own(self, own: "_Own", wrapped: bytes) -> bytes:
        epoch = _epoch_of(wrapped)
        wrapping = self._own_wrapping(own, epoch, make=False)
        return unseal(wrapping, wrapped[len(epoch) :], own.place)

    def _own_wrapping(self, own: "_Own", epoch: str, *, make: bool = True) -> bytes:
        key = self._epoch_key(own.place.organization_id, epoch, make=make)
        return derive(key, purpose=own.purpose)

    def _seal_in(self, epoch: str, plain: str, place: Place) -> bytes:
        key = self._fields_key(place.organization_id, epoch)
        return epoch.encode() + seal(key, plain.encode(), place)

    def _epoch_key(
        self, organization_id: UUID, epoch: str, *, make: bool = True
    ) -> bytes:
        prefix = MONTH_PREFIX if len(epoch) == _MONTH_DIGITS else DAY_PREFIX
        return self._named(organization_id, f"{prefix}{epoch}", make=make)

    def _fields_key(
        self, organization_id: UUID, epoch: str, *, make: bool = True
    ) -> bytes:
        """Return the key of fields, derived anew only when the epoch's key was read."""
        whole = self._epoch_key(organization_id, epoch, make=make)
        held = self._fields.get((organization_id, epoch))
        if held is None or held[0] is not whole:
            held = (whole, derive(whole, purpose=b"fields"))
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


@dataclass(frozen=True, slots=True)
class _Own:
    """A key of one call or row: its file, what it is derived for, where it belongs."""

    name: str
    purpose: bytes
    place: Place


def _call(organization_id: UUID, call_id: UUID) -> _Own:
    place = Place(organization_id, "call_keys", "key", call_id)
    return _Own(f"{CALL_PREFIX}{call_id}", b"call" + call_id.bytes, place)


def _row(organization_id: UUID, row_id: UUID) -> _Own:
    place = Place(organization_id, "row_keys", "key", row_id)
    return _Own(f"{ROW_PREFIX}{row_id}", b"row" + row_id.bytes, place)


def _month(now: datetime) -> str:
    return now.strftime("%Y%m")


def _day(now: datetime) -> str:
    return now.strftime(_DAY)


def _epoch_of(sealed: bytes) -> str:
    """Return the month or day whose key is needed; the seal's version ends it."""
    digits = sealed[: sealed.find(VERSION)].decode("ascii", "replace")
    if len(digits) not in _EPOCH_DIGITS or not (
        digits.isascii() and digits.isdecimal()
    ):
        raise SealBrokenError("it names no month or day")
    return digits


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
