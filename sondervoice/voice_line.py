"""The line of one call in one page: the only file that knows vendors and taps.

Next: `telephony.voice.line`, which runs it.
"""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from compliance.capture.gate import CaptureGate
from recordings.recorder import CallRecorder
from recordings.selectors.kept import count_kept
from recordings.spool import Spool, spool_path
from recordings.taps import CallJournal
from sondervoice.clinic_tools import ClinicTools
from sondervoice.kernel.clock import utc_now
from sondervoice.vendors import Vendors
from telephony.call_writer import CallWriter
from telephony.media_desk import MediaDesk
from telephony.media_out import Outbox
from telephony.services.open_stream import OpenedCall
from telephony.voice.frames import FRAME_MS
from telephony.voice.line import Line
from telephony.voice.parts import Parts

WRITTEN_WITHIN_S: Final = 10.0


class LineBuilder:
    """Builds the sessions of one process's calls."""

    def __init__(self, vendors: Vendors, desk: MediaDesk) -> None:
        """Build with these vendors; write through `desk`."""
        self._vendors = vendors
        self._desk = desk

    async def __call__(
        self, call: OpenedCall, *, encoding: str, out: Outbox
    ) -> "CallSession":
        """Return a call's line with its taps, in the order sound travels."""
        kept = await self._desk.ask(
            count_kept, organization_id=call.organization_id, call_id=call.call_id
        )
        vendors, clock, gate = self._vendors, CallClock(call), open_gate(call)
        writer = CallWriter(self._desk)
        path = spool_path(Path(settings.SPOOL_DIR), call.organization_id, call.call_id)
        recorder = CallRecorder(
            Spool(path, call.sealer), encoding=encoding, submit=writer.submit
        )
        tools = ClinicTools(
            call, desk=self._desk, gate=gate, now_ms=clock.now_ms, later=writer.submit
        )
        line = Line(
            Parts(
                brief=call.brief,
                dialogue=call.dialogue,
                encoding=encoding,
                activity=vendors.activity.open(),
                ear=vendors.speech_to_text,
                brain=vendors.language,
                voice=vendors.text_to_speech,
                hold=vendors.hold,
                tools=tools,
                gate=gate,
                journal=CallJournal(
                    sealer=call.sealer,
                    started_at=call.answered_at,
                    question=call.policy.question,
                    first_number=kept.utterances + 1,
                    first_turn=kept.turns,
                    submit=writer.submit,
                ),
                recorder=recorder,
                out=out,
                now_ms=clock.now_ms,
                local_now=clock.local_now,
            )
        )
        tools.last_utterance_ms = lambda: line.last_utterance_ms
        return CallSession(line, clock=clock, recorder=recorder, writer=writer)


class CallClock:
    """Tells a call's time: milliseconds since it was answered.

    Attributes:
        base_ms: When this stream began; a call whose stream broke has a second one.
    """

    def __init__(self, call: OpenedCall) -> None:
        """Start now, on a whole frame."""
        since = utc_now() - call.answered_at
        frames = max(timedelta(0), since) // timedelta(milliseconds=FRAME_MS)
        self.base_ms = frames * FRAME_MS
        self._zone = ZoneInfo(call.timezone)
        self._began = monotonic()

    def now_ms(self) -> int:
        """Return this instant in the call's time."""
        return self.base_ms + int((monotonic() - self._began) * 1000)

    def local_now(self) -> datetime:
        """Return this instant in the clinic's zone."""
        return utc_now().astimezone(self._zone)


class CallSession:
    """A line and what writes for it, from the first frame to the last row.

    Attributes:
        base_ms: Added to the carrier's times to make them the call's.
    """

    def __init__(
        self,
        line: Line,
        *,
        clock: CallClock,
        recorder: CallRecorder,
        writer: CallWriter,
    ) -> None:
        """Hold what belongs together."""
        self.line = line
        self.base_ms = clock.base_ms
        self._recorder = recorder
        self._writer = writer
        self._writing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Run the line; writing goes on until `close`."""
        self._writing = asyncio.create_task(self._writer.run())
        await self.line.run()

    async def close(self) -> None:
        """Give back what is shared and see everything written, within ten seconds."""
        try:
            await self.line.close()
        finally:
            self._recorder.finish()
            await self._writer.finished(within_s=WRITTEN_WITHIN_S)
            if self._writing is not None:
                self._writing.cancel()


def open_gate(call: OpenedCall) -> CaptureGate:
    """Return the gate as this call has earned it so far."""
    gate = CaptureGate(call.policy)
    if call.disclosure_heard:
        gate.notice_heard()
    if call.consent is not None:
        # It was answered on a line before this one, so it was asked there.
        gate.question_begun(at_ms=0)
        gate.consent(is_given=call.consent)
    return gate
