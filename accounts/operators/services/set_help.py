"""Let operators look at the clinic, or not."""

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.operators.models import ClinicHelp
from accounts.operators.selectors.sessions import is_help_off, list_open_sessions
from accounts.operators.services.end_session import note_sent_away
from accounts.permissions import Permission
from sondervoice.kernel import audit


@transaction.atomic
def set_help(*, actor: Actor, is_off: bool, now: datetime) -> None:
    """Turn help off, which ends what is live or asked for, or on again.

    Raises:
        PermissionMissingError: If the actor may not decide this for the clinic.
    """
    actor.require(Permission.CLINIC_MANAGE)
    was_off = is_help_off()
    ClinicHelp.objects.update_or_create(
        organization_id=actor.organization_id,
        defaults={"is_off": is_off, "changed_by_id": actor.id, "changed_at": now},
    )
    audit.record(
        audit.Entry(
            action="accounts.operator_help.set",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="organization",
            subject_id=actor.organization_id,
            facts={"is_off": is_off}
            | hashes_of(
                actor.organization_id,
                before={"is_off": was_off},
                after={"is_off": is_off},
            ),
        )
    )
    if not is_off:
        return
    for session in list_open_sessions(now=now).select_for_update():
        session.ended_at = now
        session.ended_by_clinic = True
        session.save(update_fields=["ended_at", "ended_by_clinic"])
        note_sent_away(actor=actor, session=session)
