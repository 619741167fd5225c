"""A Friday at Alder Clinic, and an older call: what most pages are shown with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from compliance.keys.keys import keys
from sondervoice.kernel import tenancy
from telephony.models import Call
from tests.cast import HANNAH, OMAR, RUTH, Cast
from tests.cast_calls import (
    book_check_up,
    leave_message,
    make_appointment,
    make_call,
    say,
)
from tests.cast_sound import store_sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Calls by what is particular to them."""

    booked: Call
    message: Call
    refused: Call
    emergency: Call
    withheld: Call
    live: Call
    erased: Call


def make_day(cast: Cast, *, now: datetime) -> Day:
    """The day up to `now`; appointments stand a few hours and days later."""
    with tenancy.scope(cast.alder.organization.id):
        return _make_day(cast, now)


def _make_day(cast: Cast, now: datetime) -> Day:
    alder = cast.alder
    top = now.replace(minute=20, second=0, microsecond=0)
    booked = book_check_up(
        alder,
        at=now - timedelta(minutes=11),
        starts_at=top + timedelta(days=4, hours=5),
    )
    store_sound(booked)
    message = make_call(
        alder,
        at=now - timedelta(minutes=28),
        caller=OMAR,
        name="Omar Haddad",
        seconds=65,
        outcome=Call.Outcome.MESSAGE,
    )
    leave_message(
        message,
        "I would rather talk to somebody at the desk about my referral.",
        name="Omar Haddad",
        phone=OMAR,
    )
    emergency = make_call(
        alder,
        at=now - timedelta(minutes=50),
        caller=RUTH,
        name="Ruth Callahan",
        seconds=146,
        outcome=Call.Outcome.EMERGENCY,
        emergency_told_at=now - timedelta(minutes=49),
    )
    leave_message(
        emergency,
        "My chest feels tight since this morning.",
        name="Ruth Callahan",
        phone=RUTH,
        is_urgent=True,
    )
    make_appointment(
        alder, starts_at=top + timedelta(minutes=60), name="Ines Varga", phone=OMAR
    )
    make_appointment(
        alder,
        starts_at=top + timedelta(minutes=120),
        name="Peter Lindqvist",
        phone=RUTH,
        name_is_confirmed=False,
    )
    return Day(
        booked=booked,
        message=message,
        refused=_refused(cast, now),
        emergency=emergency,
        withheld=_withheld(cast, now),
        live=_live(cast, now),
        erased=_erased(cast, now),
    )


def _refused(cast: Cast, now: datetime) -> Call:
    at = now - timedelta(minutes=40)
    call = make_call(
        cast.alder,
        at=at,
        caller="+13125550128",
        name="Luis Ortega",
        seconds=48,
        places=("US-IL", "*"),
        outcome=Call.Outcome.INFO,
        consent_asked_at=at + timedelta(seconds=9),
        consent_answered_at=at + timedelta(seconds=14),
        consent_answer=False,
        consent_method="key",
    )
    say(call, 0, "caller", "Where can I park?", at_ms=16_000)
    say(call, 1, "agent", "There is a car park behind the house.", at_ms=17_200)
    return call


def _withheld(cast: Cast, now: datetime) -> Call:
    return make_call(
        cast.alder,
        at=now - timedelta(minutes=82),
        caller="",
        seconds=5,
        disclosure_heard_at=None,
        first_captured_at=None,
    )


def _live(cast: Cast, now: datetime) -> Call:
    return make_call(
        cast.alder,
        at=now - timedelta(seconds=104),
        caller="+13125550117",
        name="Ines Varga",
        status=Call.Status.LIVE,
        end_reason="",
        ended_at=None,
    )


def _erased(cast: Cast, now: datetime) -> Call:
    call = make_call(
        cast.alder,
        at=now - timedelta(days=2),
        caller=HANNAH,
        name="Hannah Brandt",
        outcome=Call.Outcome.MESSAGE,
    )
    say(call, 0, "caller", "Call me back.", at_ms=16_000)
    leave_message(call, "Call me back.")
    keys().destroy_call_key(organization_id=call.organization_id, call_id=call.id)
    return call
