"""Look at what was written since the last look, clinic by clinic. Next: `raise_alerts`.

Where the look stood is written down last, so that one that was killed is done again. So
is one in which a clinic failed: the others are told all the same.
"""

import logging
from datetime import datetime
from uuid import UUID

from accounts.models import Membership
from accounts.way_in import organizations_for_user
from compliance.alerts import stream
from compliance.alerts.rules import WINDOW
from compliance.alerts.services.raise_alerts import raise_alerts
from sondervoice.kernel import tenancy

logger = logging.getLogger(__name__)


def watch_record(*, now: datetime) -> int:
    """Raise what is new; return how many clinics were looked at.

    Call it outside any scope: each clinic has a short one of its own.
    """
    low, high = stream.read_horizon()
    refused = _refused_since(low)
    clinics = set(stream.list_written(low)) | set(refused)
    failed = sum(
        not _is_watched(organization_id, low, refused.get(organization_id), now)
        for organization_id in sorted(clinics)
    )
    if not failed:
        stream.move_horizon(high)
    return len(clinics) - failed


def _is_watched(
    organization_id: UUID, low: str, refused_at: datetime | None, now: datetime
) -> bool:
    """Look at one clinic; one that fails holds up no other."""
    try:
        _watch(organization_id, low, refused_at, now)
    # Whatever it is: the clinics behind it have their alerts to hear.
    except Exception as error:  # noqa: BLE001
        logger.critical(
            "a clinic's record was not watched",
            extra={"id": str(organization_id), "code": type(error).__name__},
        )
        return False
    return True


def _refused_since(low: str) -> dict[UUID, datetime]:
    """Return the clinics whose members were refused, each with the first time."""
    found: dict[UUID, datetime] = {}
    for user_id, at in stream.list_new_refused(low):
        for organization_id in organizations_for_user(user_id):
            found[organization_id] = min(at, found.get(organization_id, at))
    return found


def _watch(
    organization_id: UUID, low: str, refused_at: datetime | None, now: datetime
) -> None:
    """Look at one clinic: its new rows with the hour before the oldest of them."""
    with tenancy.scope(organization_id):
        new_at = stream.find_new_at(low, organization_id)
        members = list(
            Membership.objects.filter(ended_at=None).values_list("user_id", flat=True)
        )
    starts = [one for one in (new_at, refused_at) if one is not None]
    if not starts:
        return
    since = min(starts) - WINDOW
    lines = stream.list_refused(members, since=since)
    with tenancy.scope(organization_id):
        lines += stream.list_lines(organization_id, since=since)
        raise_alerts(organization_id=organization_id, lines=lines, now=now)
