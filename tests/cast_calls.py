"""Calls for the cast, finished as the product finishes them. Open a scope first."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from compliance.capture.policy import decide
from compliance.keys.call_sealer import CallSealer
from compliance.keys.keys import keys
from compliance.retention.rules import erase_after
from recordings.models import Utterance
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.personal_data import DATA_CLASSES
from telephony.messages.models import Message
from telephony.messages.sealed import seal_message_field
from telephony.models import Call, ToolUse, Turn
from telephony.scheduling.models import Appointment, Slot
from telephony.scheduling.sealed import seal_patient_field
from telephony.sealed import TABLE as CALL_TABLE
from tests.cast import HANNAH, Clinic

LINES = "recordings_utterance"


def sealer_of(call: Call) -> CallSealer:
    key = keys().call_key(organization_id=call.organization_id, call_id=call.id)
    return CallSealer(call.organization_id, call.id, key)


def make_call(
    clinic: Clinic,
    *,
    at: datetime,
    caller: str = HANNAH,
    name: str = "",
    seconds: int = 192,
    places: tuple[str, ...] = ("US-IL", "US"),
    **fields: object,
) -> Call:
    """A call that was answered after 1.4 s and ended after so many seconds."""
    organization_id, call_id = clinic.organization.id, uuid7()
    key = keys().make_call_key(organization_id=organization_id, call_id=call_id, now=at)
    sealer = CallSealer(organization_id, call_id, key)
    policy = decide(
        places=places,
        clinic_name=clinic.organization.name,
        languages=clinic.agent_version.languages,
        agent_records=True,
    )
    answered_at = at + timedelta(milliseconds=1400)
    values: dict[str, object] = {
        "status": Call.Status.ENDED,
        "end_reason": Call.EndReason.CALLER_HUNG_UP,
        "language": "en",
        "answered_at": answered_at,
        "ended_at": answered_at + timedelta(seconds=seconds),
        "disclosure_spoken_at": answered_at + timedelta(milliseconds=300),
        "disclosure_heard_at": answered_at + timedelta(milliseconds=9_200),
        "disclosure_language": "en",
        "first_captured_at": answered_at + timedelta(milliseconds=9_200),
        "capture": asdict(policy),
    }
    values |= fields
    ended_at = values["ended_at"]
    if isinstance(ended_at, datetime):
        values = keep_for(ended_at) | values
    return Call.objects.create(
        id=call_id,
        organization_id=organization_id,
        number=clinic.number,
        agent_version=clinic.agent_version,
        carrier_call_id=f"v3:{call_id}",
        caller_sealed=_seal(sealer, caller, "caller_sealed"),
        caller_name_sealed=_seal(sealer, name, "caller_name_sealed") if name else None,
        caller_index=keys().index(organization_id, kind="phone", value=caller),
        started_at=at,
        **values,
    )


def keep_for(ended_at: datetime, days: int = 180) -> dict[str, datetime]:
    """The four dates of a call that ended then."""
    due = erase_after(ended_at=ended_at, keep_days=days)
    return {f"{kind}_erase_after": due for kind in DATA_CLASSES}


def _seal(sealer: CallSealer, text: str, column: str) -> bytes:
    return sealer.seal(text, table=CALL_TABLE, column=column, row_id=sealer.call_id)


def say(
    call: Call,
    number: int,
    who: str,
    text: str,
    *,
    at_ms: int,
    heard: str = "full",
    part: str = "",
    **fields: object,
) -> Utterance:
    sealer, row_id = sealer_of(call), uuid7()
    is_agent = who == "agent"
    return Utterance.objects.create(
        id=row_id,
        organization_id=call.organization_id,
        call=call,
        number=number,
        speaker=who,
        language=call.language,
        text_sealed=sealer.seal(text, table=LINES, column="text_sealed", row_id=row_id),
        started_ms=at_ms,
        ended_ms=at_ms + 60 * len(text),
        heard=heard if is_agent else "",
        heard_sealed=sealer.seal(
            part, table=LINES, column="heard_sealed", row_id=row_id
        )
        if part
        else None,
        **fields,
    )


def use_tool(
    call: Call, name: str, effect: str, *, at_ms: int, count: int | None = None
) -> ToolUse:
    return ToolUse.objects.create(
        organization_id=call.organization_id,
        call=call,
        name=name,
        effect=effect,
        count=count,
        at_ms=at_ms,
        took_ms=31,
    )


def make_turns(call: Call, spans_ms: list[int]) -> None:
    for number, span in enumerate(spans_ms, start=1):
        quiet = 12_000 * number
        Turn.objects.create(
            organization_id=call.organization_id,
            call=call,
            number=number,
            quiet_ms=quiet,
            decided_ms=quiet + 500,
            heard_ms=quiet + 540,
            answered_ms=quiet + span,
        )


def leave_message(
    call: Call,
    text: str,
    *,
    name: str = "",
    phone: str = HANNAH,
    is_urgent: bool = False,
) -> Message:
    sealer, message_id = sealer_of(call), uuid7()
    sealed = {
        column: seal_message_field(
            word, sealer=sealer, column=column, message_id=message_id
        )
        for column, word in (
            ("text_sealed", text),
            ("name_sealed", name),
            ("phone_sealed", phone),
        )
    }
    return Message.objects.create(
        id=message_id,
        organization_id=call.organization_id,
        call=call,
        is_urgent=is_urgent,
        phone_index=keys().index(call.organization_id, kind="phone", value=phone),
        left_at=call.ended_at or call.started_at,
        **sealed,
    )


def make_appointment(
    clinic: Clinic,
    *,
    starts_at: datetime,
    name: str,
    call: Call | None = None,
    phone: str = HANNAH,
    **fields: object,
) -> Appointment:
    organization_id = clinic.organization.id
    row_id = uuid7()
    slot = Slot.objects.create(
        organization_id=organization_id,
        practitioner=clinic.practitioner,
        kind=clinic.check_up,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=clinic.check_up.minutes),
    )
    booked_at = call.started_at if call else starts_at - timedelta(days=3)
    return Appointment.objects.create(
        id=row_id,
        organization_id=organization_id,
        slot=slot,
        call=call,
        patient_name_sealed=_seal_patient(
            name, "patient_name_sealed", organization_id, row_id, booked_at
        ),
        patient_phone_sealed=_seal_patient(
            phone, "patient_phone_sealed", organization_id, row_id, booked_at
        ),
        patient_phone_index=keys().index(organization_id, kind="phone", value=phone),
        **{
            "booked_at": booked_at,
            "counts_from": max(slot.ends_at, booked_at),
            "erase_after": erase_after(
                ended_at=max(slot.ends_at, booked_at), keep_days=180
            ),
            **fields,
        },
    )


def _seal_patient(
    text: str, column: str, organization_id: UUID, row_id: UUID, at: datetime
) -> bytes:
    return seal_patient_field(
        text, column=column, organization_id=organization_id, row_id=row_id, now=at
    )


def book_check_up(clinic: Clinic, *, at: datetime, starts_at: datetime) -> Call:
    """Hannah's call: she agrees to the recording and books."""
    answered = at + timedelta(milliseconds=1400)
    call = make_call(
        clinic,
        at=at,
        name="Hannah Brandt",
        # Her number belongs to no state for sure, so she is asked.
        places=("US-IL", "*"),
        seconds=62,
        outcome=Call.Outcome.BOOKED,
        consent_asked_at=answered + timedelta(milliseconds=9_300),
        consent_answered_at=answered + timedelta(milliseconds=17_400),
        consent_answer=True,
        consent_method="voice",
        answer_p50_ms=620,
        answer_p95_ms=940,
    )
    for number, sentence in enumerate(call.capture["notice"]["en"]):
        at_ms = 300 + 4_800 * number
        say(call, number, "agent", sentence, at_ms=at_ms, is_disclosure=True)
    question = call.capture["question"]["en"]
    say(call, 2, "agent", question, at_ms=9_300, is_disclosure=True)
    say(call, 3, "caller", "Yes, that is fine.", at_ms=16_900)
    use_tool(call, "note_consent", "given", at_ms=17_600)
    say(call, 4, "agent", "Thank you. How can I help?", at_ms=18_400)
    wish = (
        "I need a check-up with Dr. Okafor, some time next week, and not too early "
        "because I take my son to school."
    )
    say(call, 5, "caller", wish, at_ms=22_000)
    use_tool(call, "find_slots", "found", at_ms=31_400, count=3)
    offer = (
        "Dr. Okafor is free on Tuesday the 24th at twenty past two, or on Thursday at "
        "ten. Which suits you?"
    )
    part = "Dr. Okafor is free on Tuesday the 24th at twenty past two,"
    say(call, 6, "agent", offer, at_ms=32_000, heard="part", part=part)
    say(call, 7, "caller", "Tuesday, please.", at_ms=38_600)
    say(call, 8, "agent", "May I have your name?", at_ms=41_000)
    say(call, 9, "caller", "Hannah Brandt.", at_ms=44_200, is_sure=False)
    use_tool(call, "book", "booked", at_ms=47_100)
    done = "Done: Tuesday the 24th at twenty past two. Anything else?"
    say(call, 10, "agent", done, at_ms=47_800)
    say(call, 11, "caller", "No, thank you. My card is", at_ms=54_000, is_hidden=True)
    say(call, 12, "agent", "Goodbye.", at_ms=61_000, heard="none")
    make_turns(call, [610, 580, 940, 720, 640, 590, 1310, 620, 600])
    make_appointment(clinic, starts_at=starts_at, name="Hannah Brandt", call=call)
    return call
