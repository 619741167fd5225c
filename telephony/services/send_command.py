"""Send one command to the carrier, outside any transaction.

Next: the carrier opens the stream; `telephony.media`.
"""

from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Organization
from sondervoice.kernel import tenancy
from sondervoice.kernel.errors import VendorError
from telephony.carrier.port import Carrier
from telephony.carrier_words import carrier_words
from telephony.models import Call, CarrierCommand
from telephony.services.ask_carrier import ask_carrier
from telephony.services.end_call import end_call
from telephony.services.make_stream_token import make_stream_token
from telephony.services.say_goodbye import our_ending, say_goodbye

Kind = CarrierCommand.Kind
# Beyond the steps of a stream that is opened again and again.
HOLD_STEP: Final = 900


@lru_cache(maxsize=1)
def carrier() -> Carrier:
    """Return the carrier that the settings name, connected.

    Its SDK takes seconds to import and only workers need it, so it is named by its path
    and loaded here; a worker does so as it starts.
    """
    connect = import_string(settings.CARRIER)
    connected: Carrier = connect(
        api_key=settings.TELNYX_API_KEY, base_url=settings.TELNYX_API_BASE
    )
    return connected


def send_command(*, organization_id: UUID, command_id: UUID, now: datetime) -> None:
    """Send the command unless it was sent, or the call has ended.

    Raises:
        VendorError: If the carrier did not take it; the job is tried again unless the
            error is permanent.
    """
    with tenancy.scope(organization_id):
        command = CarrierCommand.objects.select_related("call").get(pk=command_id)
        if command.sent_at is not None or command.effect:
            return
        if _is_void(command):
            _note(command, "call_gone", now=None)
            return
        url = _stream_url(command, now) if command.kind == Kind.START_STREAM else ""
        words = _words(command)
    try:
        _send(command, url=url, words=words)
    except VendorError as error:
        with tenancy.scope(organization_id):
            _failed(command, error, now=now)
        if error.category != "call_gone":
            raise
    else:
        with tenancy.scope(organization_id):
            _note(command, "sent", now=now)


def _is_void(command: CarrierCommand) -> bool:
    """Return whether the call has ended, or goodbye is being said already.

    The end itself is sent also when we think that the call has ended, to be sure; but
    not to a caller who has meanwhile been given to a person, however late we heard.
    """
    call = command.call
    if command.kind == Kind.HANG_UP:
        return call.end_reason == Call.EndReason.TRANSFERRED
    if command.kind == Kind.START_STREAM and call.line_ended_at is not None:
        return True
    if command.kind in {Kind.START_STREAM, Kind.TRANSFER} and our_ending(call):
        return True
    return call.has_ended


def _send(command: CarrierCommand, *, url: str, words: str) -> None:
    call_id, command_id = command.call.carrier_call_id, command.command_id
    call = command.call
    if command.kind == Kind.ANSWER:
        carrier().answer(call_id, command_id=command_id)
    elif command.kind == Kind.START_STREAM:
        carrier().start_stream(call_id, command_id=command_id, url=url)
    elif command.kind == Kind.SPEAK:
        carrier().speak(
            call_id, command_id=command_id, text=words, language=call.language
        )
    elif command.kind == Kind.TRANSFER:
        carrier().transfer(
            call_id,
            command_id=command_id,
            to_e164=call.agent_version.put_through_e164,
            from_e164=call.number.e164,
        )
    else:
        carrier().hang_up(call_id, command_id=command_id)


def _stream_url(command: CarrierCommand, now: datetime) -> str:
    token = make_stream_token(call=command.call, step=command.step, now=now)
    return f"{settings.MEDIA_BASE_URL}/media/telnyx/{token}/"


def _words(command: CarrierCommand) -> str:
    call = command.call
    if command.kind == Kind.TRANSFER:
        # Read now: the rows may not be looked at once the scope is closed.
        _ = (call.agent_version.put_through_e164, call.number.e164)
    if command.kind != Kind.SPEAK:
        return ""
    country = Organization.objects.get(pk=call.organization_id).country
    return carrier_words(command.words_key, language=call.language, country=country)


def _note(command: CarrierCommand, effect: str, *, now: datetime | None) -> None:
    CarrierCommand.objects.filter(pk=command.pk).update(effect=effect, sent_at=now)


def _failed(command: CarrierCommand, error: VendorError, *, now: datetime) -> None:
    """Note what will not be tried again, and see that the caller is not left alone."""
    call = command.call
    if error.permanent:
        _note(command, error.category[:30], now=None)
    if error.category == "call_gone":
        return
    if command.kind == Kind.START_STREAM and not error.permanent:
        ask_carrier(
            call=call, kind=Kind.SPEAK, step=HOLD_STEP, words_key="hold", now=now
        )
    elif command.kind == Kind.START_STREAM and error.permanent:
        say_goodbye(call=call, words_key="sorry", now=now)
    elif command.kind == Kind.TRANSFER and error.permanent:
        say_goodbye(call=call, words_key="nobody", now=now)
    elif command.kind == Kind.ANSWER and error.permanent:
        end_call(call_id=call.id, reason=Call.EndReason.CARRIER, now=now)
