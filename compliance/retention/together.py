"""Holders as the engine asks them: by the rows that they share, or each by itself."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sondervoice.kernel.personal_data import (
    Hold,
    PersonalDataHolder,
    Selection,
    SharedRows,
    SharesRows,
    holders,
)


def rows_of(holder: PersonalDataHolder) -> SharedRows[Any]:
    """Return the rows that it shares, or its own."""
    return holder.rows if isinstance(holder, SharesRows) else _ALONE


def sharing(holder: PersonalDataHolder) -> list[PersonalDataHolder]:
    """Return the holder, and those after it that share its rows."""
    if not isinstance(holder, SharesRows):
        return [holder]
    everyone = holders()
    after = everyone[everyone.index(holder) :]
    return [one for one in after if rows_of(one) is holder.rows]


class _Alone:
    """Rows of one holder."""

    def due(
        self,
        holders: Sequence[PersonalDataHolder],
        selection: Selection,
        *,
        holds: Sequence[Hold],
        limit: int,
    ) -> Mapping[tuple[PersonalDataHolder, ...], Sequence[UUID]]:
        (holder,) = holders
        ids = holder.due(selection, holds=holds, limit=limit)
        return {(holder,): ids} if ids else {}

    def erase(
        self,
        holders: Sequence[PersonalDataHolder],
        ids: Sequence[UUID],
        *,
        now: datetime,
    ) -> Mapping[str, int]:
        (holder,) = holders
        return {holder.name: holder.erase(ids, now=now)}

    def destroy(
        self,
        holders: Sequence[PersonalDataHolder],
        ids: Sequence[UUID],
        *,
        organization_id: UUID,
    ) -> None:
        (holder,) = holders
        holder.destroy(ids, organization_id=organization_id)

    def remains(
        self,
        holders: Sequence[PersonalDataHolder],
        ids: Sequence[UUID],
        *,
        organization_id: UUID,
    ) -> Collection[UUID]:
        (holder,) = holders
        return holder.remains(ids, organization_id=organization_id)


_ALONE: Final = _Alone()
