"""Tell the staff that a caller wanted a person and nobody answered."""

from datetime import datetime
from typing import Final
from uuid import UUID

from compliance.keys.call_sealer import sealer_for_call
from sondervoice.kernel import tenancy
from telephony.messages.services.take_message import LeftMessage, take_message
from telephony.models import Call, ToolUse
from telephony.sealed import caller_e164, caller_name

_TEXTS: Final = {
    "en": "The caller wanted a person and nobody answered. Please call back.",
    "de": "Der Anrufer wollte eine Person, niemand nahm ab. Bitte zurückrufen.",
    "fr": "L'appelant voulait une personne, sans réponse. Merci de rappeler.",
}


def note_unreached(*, organization_id: UUID, call_id: UUID, now: datetime) -> None:
    """Leave one urgent note, unless a person answered after all."""
    with tenancy.scope(organization_id):
        call = Call.with_deleted.select_for_update().get(pk=call_id)
        asked = ToolUse.with_deleted.filter(
            call=call, name="put_through", effect="asked"
        )
        if not asked.update(effect="unanswered"):
            return
        sealer = sealer_for_call(organization_id=organization_id, call_id=call_id)
        left = LeftMessage(
            text=_TEXTS.get(call.language, _TEXTS["en"]),
            name=caller_name(call, sealer),
            phone_e164=caller_e164(call, sealer),
            is_urgent=True,
            is_note=True,
            clip_ms=None,
        )
        take_message(call=call, sealer=sealer, left=left, now=now)
