"""Erase again what was erased after the instant that a database was brought back to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from compliance.backups.again import again_for
from compliance.backups.erasure_list import Erasure
from compliance.retention.errors import StillThereError
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import holder_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What was done.

    Attributes:
        batches: Entries of the list.
        rows: Rows, calls, clinics and people that they name.
        erased: How many of them had come back.
    """

    batches: int
    rows: int
    erased: int


def replay_erasures(read: Callable[[], Iterable[Erasure]]) -> Replayed:
    """Erase all that is listed, then look again; twice is harmless.

    Legal holds are not asked: it was gone already, by what was decided then. It runs as
    the owner of the tables, while the database is closed to the product; each clinic's
    rows are asked for in its own scope all the same.

    Args:
        read: Begins to read the list anew, each time it is called.

    Raises:
        KeyError: If a holder of the list is not there any more.
        StillThereError: If any of it can still be read.
    """
    batches = rows = erased = 0
    later: list[Erasure] = []
    for one in read():
        batches += 1
        rows += len(one.ids)
        if again_for(one.holder) is None:
            erased += _erase_of_callers(one)
        else:
            later.append(one)
    # Clinics and people go after what callers left, as they did then.
    for one in later:
        again = again_for(one.holder)
        erased += again.erase(one) if again else 0
    # A key goes with the last of four kinds, which may be in a later batch.
    for one in read():
        if _remains(one):
            raise StillThereError
    return Replayed(batches=batches, rows=rows, erased=erased)


def _erase_of_callers(one: Erasure) -> int:
    holder = holder_named(one.holder)
    with tenancy.scope(one.clinic_id):
        erased = holder.erase(one.ids, now=one.erased_at)
    holder.destroy(one.ids, organization_id=one.clinic_id)
    return erased


def _remains(one: Erasure) -> bool:
    again = again_for(one.holder)
    if again is not None:
        return again.remains(one)
    holder = holder_named(one.holder)
    return bool(holder.remains(one.ids, organization_id=one.clinic_id))
