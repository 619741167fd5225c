"""Write down that an address wanted to lead to another site afterwards."""

from datetime import datetime

from accounts.client_address import network_of
from accounts.machines.services.count_hit import is_first_hit
from sondervoice.kernel import audit


def note_way_back(*, address: str, now: datetime) -> None:
    """Record it, once a minute and client at most. Where it led is not kept."""
    if is_first_hit(kind="way back", subject=network_of(address), now=now):
        audit.record(
            audit.Entry(
                action="accounts.way_back.refused",
                organization_id=None,
                actor_kind="system",
                actor_id=None,
                subject_kind="page",
                subject_id=None,
            )
        )
