"""Erase again what was erased after the instant that a database was brought back to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from compliance.backups.erasure_list import Erasure
from compliance.retention.errors import StillThereError
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import holder_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What was done.

    Attributes:
        batches: Entries of the list.
        rows: Rows or calls that they name.
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
    for one in read():
        holder = holder_named(one.holder)
        with tenancy.scope(one.organization_id):
            erased += holder.erase(one.ids, now=one.erased_at)
        holder.destroy(one.ids, organization_id=one.organization_id)
        batches += 1
        rows += len(one.ids)
    # A key goes with the last of four kinds, which may be in a later batch.
    for one in read():
        holder = holder_named(one.holder)
        if holder.remains(one.ids, organization_id=one.organization_id):
            raise StillThereError
    return Replayed(batches=batches, rows=rows, erased=erased)
