"""Write down that a key or a token was refused: one row a minute, subject and reason.

Whoever guesses must not fill the record.
"""

from datetime import datetime
from uuid import UUID

from accounts.client_address import network_of
from accounts.machines.services.count_hit import is_first_hit
from sondervoice.kernel import audit, tenancy


def note_key_refusal(
    *, organization_id: UUID, key_id: UUID, reason: str, now: datetime
) -> None:
    """Record in its clinic that a key was refused.

    Args:
        reason: ``wrong_secret``, ``revoked``, ``expired`` or ``address``.
    """
    if is_first_hit(kind=f"refused key: {reason}", subject=str(key_id), now=now):
        with tenancy.scope(organization_id):
            audit.record(
                audit.Entry(
                    action="accounts.api_key.refused",
                    organization_id=organization_id,
                    actor_kind="system",
                    actor_id=None,
                    subject_kind="api_key",
                    subject_id=key_id,
                    facts={reason: True},
                )
            )


def note_unknown_key(*, address: str, now: datetime) -> None:
    """Record that an address came with a key that nobody has."""
    if is_first_hit(kind="unknown key", subject=network_of(address), now=now):
        audit.record(
            audit.Entry(
                action="accounts.api_key.refused",
                organization_id=None,
                actor_kind="system",
                actor_id=None,
                subject_kind="api_key",
                subject_id=None,
                facts={"unknown": True},
            )
        )


def note_token_refusal(
    *, reason: str, address: str, user_id: UUID | None, now: datetime
) -> None:
    """Record that a token was refused.

    Args:
        reason: ``malformed``, ``expired``, ``ended``, ``no_member`` or ``directory``.
        user_id: Whose it is, when its signature is ours.
    """
    subject = str(user_id or network_of(address))
    if is_first_hit(kind=f"refused token: {reason}", subject=subject, now=now):
        audit.record(
            audit.Entry(
                action="accounts.token.refused",
                organization_id=None,
                actor_kind="system",
                actor_id=None,
                subject_kind="user",
                subject_id=user_id,
                facts={reason: True},
            )
        )
