"""Telnyx's call control, through its own SDK.

Source:
    Telnyx API reference, "Call commands" (read 2026-11): a repeated `command_id` is
    ignored for 60 s; error 90018 means that the call has ended. `transcription` of an
    answer is off unless asked for.
    https://telnyx.com/legal/ai-services-addendum (read 2026-11): what concerns training
    begins with the first AI feature that is used, so none is.
"""

import time
from collections.abc import Callable
from typing import Final, TypeVar
from uuid import UUID

from telnyx import (
    APIConnectionError,
    APIError,
    APIStatusError,
    Telnyx,
)

from sondervoice.kernel.errors import VendorError
from telephony.carrier.port import RINGS_S

TIMEOUT_S: Final = 2.0
# Within one call, for a command a caller waits for. All longer waiting is the outbox's:
# here it would hold one of the few threads that run everybody's jobs.
TRIES: Final = 2
PAUSE_S: Final = 0.3
WAITS_AT_MOST_S: Final = 1.0
T = TypeVar("T")
_CALL_ENDED: Final = "90018"
_LOCALES: Final = {"en": "en-US", "de": "de-DE", "fr": "fr-FR"}


class TelnyxCarrier:
    """Sends commands.

    Each waits two seconds for an answer and is repeated once, with the same body, when
    that may help. A carrier that wants to be left alone for more than a second says so
    to the outbox (`VendorError.retry_after_s`). The SDK's own repeats are off: it would
    sleep for up to a minute, which is longer than a job's lease.
    """

    name = "telnyx"

    def __init__(self, *, api_key: str, base_url: str) -> None:
        """Connect to `base_url` with the account's key."""
        self._actions = Telnyx(
            api_key=api_key,
            base_url=base_url,
            timeout=TIMEOUT_S,
            max_retries=0,
        ).calls.actions

    def answer(self, call_id: str, *, command_id: UUID) -> None:
        """Take the call, and say aloud that the carrier is to write nothing down."""
        _send(
            lambda: self._actions.answer(
                call_id, command_id=str(command_id), transcription=False
            )
        )

    def start_stream(self, call_id: str, *, command_id: UUID, url: str) -> None:
        """Open the stream: the caller's track to us, our sound to the caller.

        Every choice is said aloud: the defaults would send us no sound back (mode
        `mp3`) or send ours to the other leg. What truly comes is in the first frame.
        """
        _send(
            lambda: self._actions.start_streaming(
                call_id,
                command_id=str(command_id),
                stream_url=url,
                stream_track="inbound_track",
                stream_codec="PCMU",
                stream_bidirectional_mode="rtp",
                stream_bidirectional_codec="PCMU",
                stream_bidirectional_sampling_rate=8000,
                stream_bidirectional_target_legs="self",
            )
        )

    def speak(
        self, call_id: str, *, command_id: UUID, text: str, language: str
    ) -> None:
        """Say something in the carrier's own voice."""
        _send(
            lambda: self._actions.speak(
                call_id,
                command_id=str(command_id),
                payload=text,
                voice="female",
                language=_LOCALES.get(language, "en-US"),  # type: ignore[arg-type]  # an enum
            )
        )

    def transfer(
        self, call_id: str, *, command_id: UUID, to_e164: str, from_e164: str
    ) -> None:
        """Give the call to another number, showing the clinic's."""
        _send(
            lambda: self._actions.transfer(
                call_id,
                command_id=str(command_id),
                to=to_e164,
                from_=from_e164,
                timeout_secs=RINGS_S,
            )
        )

    def hang_up(self, call_id: str, *, command_id: UUID) -> None:
        """End the call."""
        _send(lambda: self._actions.hangup(call_id, command_id=str(command_id)))


def _send(command: Callable[[], object]) -> None:
    """Send the command, and once more where that may help soon.

    Raises:
        VendorError: If it was not taken.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            translated(command)
        except VendorError as error:
            pause_s = PAUSE_S if error.retry_after_s is None else error.retry_after_s
            if error.permanent or not tries_left or pause_s > WAITS_AT_MOST_S:
                raise
            time.sleep(pause_s)
        else:
            return


def translated(request: Callable[[], T]) -> T:
    """Return what was answered; turn the SDK's errors into ours, without their text.

    Raises:
        VendorError: If it was not answered, or with a status that refuses.
    """
    try:
        return request()
    except APIStatusError as error:
        raise _from_status(error) from None
    except APIConnectionError:
        raise VendorError("telnyx", category="unreachable", permanent=False) from None
    except APIError:
        raise VendorError("telnyx", category="garbled", permanent=False) from None


def _from_status(error: APIStatusError) -> VendorError:
    if _CALL_ENDED in _codes(error.body) or error.status_code == 404:
        return VendorError("telnyx", category="call_gone", permanent=True)
    permanent = error.status_code < 500 and error.status_code not in {408, 409, 429}
    return VendorError(
        "telnyx",
        category=f"status_{error.status_code}",
        permanent=permanent,
        retry_after_s=_retry_after_s(error.response.headers.get("retry-after")),
    )


def _retry_after_s(text: str | None) -> float | None:
    """Return the seconds of a Retry-After header; the carrier sends no dates."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) < 6):
        return None
    return float(text)


def _codes(body: object) -> set[str]:
    errors = body.get("errors") if isinstance(body, dict) else None
    if not isinstance(errors, list):
        return set()
    return {str(entry.get("code")) for entry in errors if isinstance(entry, dict)}
