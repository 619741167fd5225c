"""Bring the dates of what exists forward after a clinic chose fewer days."""

from typing import Final
from uuid import UUID

from compliance.retention.locks import act_on_decision
from compliance.retention.selectors.keep_days import get_keep_days
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import PersonalDataHolder, holders

ROWS_AT_ONCE: Final = 500


def shorten_dates(*, organization_id: UUID) -> int:
    """Shorten all that is kept longer than today's days allow; return how many dates.

    It may run twice, or be killed between two batches and run again.
    """
    total = 0
    for holder in holders():
        while count := _shorten_some(organization_id, holder):
            total += count
    return total


def _shorten_some(organization_id: UUID, holder: PersonalDataHolder) -> int:
    with tenancy.scope(organization_id):
        act_on_decision(organization_id)
        days = get_keep_days().of(holder.data_class)
        return holder.shorten(days=days, limit=ROWS_AT_ONCE)
