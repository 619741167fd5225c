"""The demo's one call, from the first ring to the report."""

import time
from typing import Final

from django.core.management.base import CommandError

from accounts.actors import Actor
from accounts.models import Organization, User
from accounts.selectors.members import find_actor
from accounts.way_in import signing_in
from recordings.models import Recording
from sondervoice.demo import people
from sondervoice.demo.conversation import Conversation, Print
from sondervoice.demo.loopback import LoopbackCall
from sondervoice.demo.report import Report, report_on
from sondervoice.demo.script import LINES
from sondervoice.demo.voice import speak_lines
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.models import Call

CALL_AT_MOST_S: Final = 80.0
REST_AT_MOST_S: Final = 8.0
_LOOK_EVERY_S: Final = 0.1


def ring_once(say: Print) -> Report:
    """Ring the clinic, book, and return what was left behind.

    Raises:
        CommandError: If the call never reached the product.
    """
    sounds = speak_lines(LINES)
    actor = _owner()
    clinic = people.ALDER
    say(f"{clinic.name} is being rung on {clinic.number_e164} …")
    say("The call takes about a minute.\n")
    began = time.monotonic()
    loopback = LoopbackCall(longest_s=CALL_AT_MOST_S)
    talk = Conversation(loopback, actor, sounds, say)
    is_over = talk.hold(until=began + CALL_AT_MOST_S)
    if not is_over:
        say("  (the caller hung up: it took too long)")
    _wait_until_at_rest(loopback.control_id)
    talk.print_rest()
    state = loopback.state()
    with tenancy.scope(people.ALDER.id):
        call = _find(loopback.control_id)
        if call is None:
            raise CommandError("The call never reached the product; see the web log.")
        report = report_on(call=call, actor=actor)
    report.missing += [f"carrier: {problem}" for problem in state["problems"]]
    return report


def _owner() -> Actor:
    with signing_in():
        user = User.objects.get(email=people.ADA.email)
    with tenancy.scope(people.ALDER.id):
        organization = Organization.objects.get(pk=people.ALDER.id)
        return find_actor(user=user, organization=organization, factor_at=utc_now())


def _find(control_id: str) -> Call | None:
    return Call.objects.filter(carrier_call_id=control_id).first()


def _wait_until_at_rest(control_id: str) -> None:
    """Wait for the jobs that follow a call's end; bounded."""
    until = time.monotonic() + REST_AT_MOST_S
    while time.monotonic() < until:
        with tenancy.scope(people.ALDER.id):
            call = _find(control_id)
            if call is not None and _is_at_rest(call):
                return
        time.sleep(_LOOK_EVERY_S)


def _is_at_rest(call: Call) -> bool:
    stored = Recording.objects.filter(call=call, status=Recording.Status.STORED)
    return call.has_ended and call.answer_p50_ms is not None and stored.exists()
