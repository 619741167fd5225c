"""Rotates the root key: a new generation, and every clinic's keys wrapped by it.

Whoever reads meanwhile finds the old wrapped key or the new one, and both open. What a
run that died left over is whatever an older generation still wraps: the next run sees
it. A root key is given up only by a run that found nothing wrapped by it.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from compliance.keys.generations import Generation
from compliance.keys.provider import ROTATED_EVERY, Wrapped, retirable
from compliance.keys.sealing import SealBrokenError
from compliance.keys.store import FileKeyStore, KeyGoneError
from compliance.keys.wrapping import Wrapping
from sondervoice.kernel import audit, tenancy

logger = logging.getLogger(__name__)

_DRAFTS_LIVE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """What a run did.

    Attributes:
        generation: The number of the newest root key.
        has_begun: Whether this run made it.
        rewrapped: Keys that were wrapped anew.
        broken: Keys that no root key of ours opens; they stay as they are.
        retired: The numbers of root keys that were given up.
    """

    generation: int
    has_begun: bool
    rewrapped: int
    broken: int
    retired: tuple[int, ...]


def rotate_keys(
    *, wrapping: Wrapping, store: FileKeyStore, now: datetime, is_asked: bool
) -> Rotated:
    """Begin a generation when one is asked for or due, and wrap by the newest.

    Raises:
        RotationRunsError: If another process does.
        VendorError: If the key service does not answer; what is left is done by the
            next run.
    """
    with store.rotating():
        newest = wrapping.current.newest()
        has_begun = is_asked or now - newest.made_at >= ROTATED_EVERY
        if has_begun:
            newest = _begin(wrapping, now)
        store.wait_for_makers()
        store.clear_drafts(older_than=_DRAFTS_LIVE)
        walk = _Walk(wrapping, store)
        for organization_id in store.organizations():
            walk.rewrap(organization_id)
        return Rotated(
            generation=newest.number,
            has_begun=has_begun,
            rewrapped=walk.rewrapped,
            broken=walk.broken,
            retired=tuple(_retire(wrapping, walk.in_use, now)),
        )


class _Walk:
    """Goes over the keys, and remembers which root keys it met."""

    def __init__(self, wrapping: Wrapping, store: FileKeyStore) -> None:
        self._wrapping = wrapping
        self._store = store
        self.rewrapped = 0
        self.broken = 0
        # None once a key was met that does not say who wrapped it.
        self.in_use: set[int] | None = set()

    def rewrap(self, organization_id: UUID) -> None:
        """Wrap the organization's keys anew, and write down how many."""
        names = self._store.root_wrapped(organization_id)
        count = sum(self._rewrap_one(organization_id, name) for name in names)
        self.rewrapped += count
        if count:
            _record_rewrapped(
                organization_id, count, self._wrapping.current.newest().number
            )

    def _rewrap_one(self, organization_id: UUID, name: str) -> bool:
        try:
            old = self._store.get(organization_id, name)
            self._meet(old)
            if self._wrapping.is_newest(Wrapped.from_bytes(old)):
                return False
            new = self._wrapping.rewrap(old, organization_id=organization_id, name=name)
        except KeyGoneError:
            return False
        except SealBrokenError:
            self.broken += 1
            logger.critical(
                "a wrapped key does not open",
                extra={"organization_id": organization_id, "key_name": name},
            )
            return False
        return self._store.replace(organization_id, name, old=old, new=new)

    def _meet(self, raw: bytes) -> None:
        try:
            wrapped = Wrapped.from_bytes(raw)
        except SealBrokenError:
            # It may have been wrapped by any of them.
            self.in_use = None
            raise
        if self.in_use is not None and wrapped.kind == self._wrapping.current.kind:
            self.in_use.add(wrapped.generation)


def _begin(wrapping: Wrapping, now: datetime) -> Generation:
    """Begin a generation; the record says so, or there is none."""
    with transaction.atomic():
        number = wrapping.current.newest().number + 1
        _record_of_root("compliance.keys.rotated", number)
        return wrapping.current.begin_generation(now)


def _record_rewrapped(organization_id: UUID, count: int, generation: int) -> None:
    with tenancy.scope(organization_id):
        audit.record(
            audit.Entry(
                action="compliance.keys.rewrapped",
                organization_id=organization_id,
                actor_kind="system",
                actor_id=None,
                subject_kind="organization",
                subject_id=organization_id,
                facts={"count": count, "generation": generation},
            )
        )


def _retire(wrapping: Wrapping, in_use: set[int] | None, now: datetime) -> list[int]:
    """Give up what nothing needs; the record says so, or it stays."""
    if in_use is None:
        return []
    retired = retirable(wrapping.current.generations(), in_use, now=now)
    with transaction.atomic():
        for number in retired:
            _record_of_root("compliance.keys.retired", number)
        if retired:
            wrapping.current.give_up(retired)
    return retired


def _record_of_root(action: str, generation: int) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="root_key",
            subject_id=None,
            facts={"generation": generation},
        )
    )
