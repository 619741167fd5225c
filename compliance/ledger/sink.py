"""The one keeper of the record: a plain INSERT in the caller's transaction."""

from enum import Enum
from uuid import UUID

from accounts.change_hashes import missing_hashes
from compliance.ledger.models import AuditLog
from sondervoice.kernel.audit import Digest, Entry, Fact
from sondervoice.kernel.clock import utc_now


def write(entry: Entry) -> None:
    """Append `entry` to `audit_logs`.

    Raises:
        ValueError: If it tells of a change of configuration without its hashes.
    """
    if missing := missing_hashes(entry.action, entry.facts):
        raise ValueError(f"{entry.action} lacks {', '.join(sorted(missing))}")
    AuditLog.unscoped.create(
        organization_id=entry.organization_id,
        at=utc_now(),
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        fields=list(entry.fields),
        facts={name: _plain(fact) for name, fact in entry.facts.items()},
    )


def _plain(fact: Fact) -> str | int | bool:
    if isinstance(fact, Enum):
        return str(fact.value)
    if isinstance(fact, Digest):
        return fact.hex
    return str(fact) if isinstance(fact, UUID) else fact
