"""End an operator's look at a clinic."""

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.operators.errors import OverError
from accounts.operators.models import OperatorSession
from accounts.operators.selectors.sessions import get_session_for_update
from accounts.permissions import Permission
from sondervoice.kernel import audit, tenancy


def end_session(
    *, operator_id: UUID, organization_id: UUID, session_id: UUID, now: datetime
) -> None:
    """End a session, or take back what was asked; any operator may.

    Raises:
        OperatorThingNotFoundError: If the clinic has no such session.
        OverError: If it has ended.
    """
    with tenancy.scope(organization_id):
        session = get_session_for_update(session_id=session_id)
        _end(session, now=now, by_clinic=False)
        audit.record(
            audit.Entry(
                action="accounts.operator_session.ended",
                organization_id=organization_id,
                actor_kind="operator",
                actor_id=operator_id,
                subject_kind="operator_session",
                subject_id=session.pk,
                facts={"requests": session.request_count},
            )
        )


def send_away(*, actor: Actor, session_id: UUID, now: datetime) -> None:
    """End a session as the clinic.

    Raises:
        OperatorThingNotFoundError: If the clinic has no such session.
        PermissionMissingError: If the actor may not decide this for the clinic.
        OverError: If it has ended.
    """
    session = get_session_for_update(session_id=session_id)
    actor.require(Permission.CLINIC_MANAGE)
    _end(session, now=now, by_clinic=True)
    note_sent_away(actor=actor, session=session)


def note_sent_away(*, actor: Actor, session: OperatorSession) -> None:
    """Record that the clinic ended a session."""
    audit.record(
        audit.Entry(
            action="accounts.operator_session.sent_away",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="operator_session",
            subject_id=session.pk,
            facts={"requests": session.request_count},
        )
    )


def _end(session: OperatorSession, *, now: datetime, by_clinic: bool) -> None:
    if session.ended_at or (session.ends_at and session.ends_at <= now):
        raise OverError
    session.ended_at = now
    session.ended_by_clinic = by_clinic
    session.save(update_fields=["ended_at", "ended_by_clinic"])
