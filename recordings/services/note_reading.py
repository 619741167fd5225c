"""Write down that somebody read a call's words."""

from accounts.actors import Actor
from sondervoice.kernel import audit
from telephony.models import Call


def note_reading(*, actor: Actor, call: Call, lines: int) -> None:
    """Record one reading of the call's page, in the open transaction."""
    audit.record(
        audit.Entry(
            action="recordings.transcript.read",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="call",
            subject_id=call.id,
            fields=("caller", "text", "patient_name"),
            facts={"lines": lines},
        )
    )
