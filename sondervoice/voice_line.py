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
from recordings.selectors.kept import Kept, count_kept
from recordings.spool import Spool, spool_path
from recordings.taps import CallJournal
from sondervoice.clinic_tools import ClinicTools
from sondervoice.kernel.clock import utc_now
from sondervoice.vendors import Vendors
from telephony.call_writer import CallWriter, Leftovers, Writer
from telephony.file_thread import FileThread
from telephony.media_desk import MediaDesk
from telephony.media_out import Outbox
from telephony.services.open_stream import OpenedCall
from telephony.voice.frames import FRAME_MS
from telephony.voice.line import Line
from telephony.voice.parts import Parts

WRITTEN_WITHIN_S: Final = 10.0


class LineBuilder:
    """Builds the sessions of one process's calls.

    Attributes:
        leftovers: What ended calls have left to be written.
    """

    def __init__(self, vendors: Vendors, desk: MediaDesk) -> None:
        """Build with these vendors; write through `desk`."""
        self._vendors = vendors
        self._desk = desk
        self.leftovers = Leftovers()

    async def __call__(
        self, call: OpenedCall, *, encoding: str, out: Outbox
    ) -> "CallSession":
        """Return a call's line with its taps, in the order sound travels."""
        kept = await self._desk.ask(
            count_kept, organization_id=call.organization_id, call_id=call.call_id
        )
        vendors, clock, gate = self._vendors, CallClock(call), open_gate(call)
        # Two writers: sound must reach its file also while the database is away.
        writer, sound = CallWriter(self._desk, call.organization_id), self._desk.files
        recorder = _recorder(call, encoding=encoding, writer=sound)
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
                journal=_journal(call, kept=kept, writer=writer),
                recorder=recorder,
                out=out,
                now_ms=clock.now_ms,
                local_now=clock.local_now,
            )
        )
        tools.last_utterance_ms = lambda: line.last_utterance_ms
        writers = (sound, writer)
        left = self.leftovers
        return CallSession(
            line, clock=clock, recorder=recorder, writers=writers, leftovers=left
        )


def _recorder(call: OpenedCall, *, encoding: str, writer: FileThread) -> CallRecorder:
    path = spool_path(Path(settings.SPOOL_DIR), call.organization_id, call.call_id)
    return CallRecorder(
        Spool(path, call.sealer), encoding=encoding, submit=writer.submit
    )


def _journal(call: OpenedCall, *, kept: Kept, writer: CallWriter) -> CallJournal:
    return CallJournal(
        sealer=call.sealer,
        epoch=call.epoch,
        started_at=call.answered_at,
        question=call.policy.question,
        first_number=kept.utterances + 1,
        first_turn=kept.turns,
        keeps_words=call.policy.transcription,
        submit=writer.submit,
    )


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
        writers: tuple[Writer, ...],
        leftovers: Leftovers,
    ) -> None:
        """Hold what belongs together."""
        self.line = line
        self.base_ms = clock.base_ms
        self._recorder = recorder
        self._writers = writers
        self._leftovers = leftovers

    async def run(self) -> None:
        """Run the line; writing goes on until `close`."""
        self._start_writers()
        await self.line.run()

    async def close(self) -> None:
        """Give back what is shared and see everything written.

        What is not within ten seconds goes on being written after the call.
        """
        try:
            await self.line.close()
        finally:
            self._recorder.finish()
            self._start_writers()
            see_written = self._leftovers.see_written
            await asyncio.gather(
                *(
                    see_written(writer, within_s=WRITTEN_WITHIN_S)
                    for writer in self._writers
                )
            )

    def _start_writers(self) -> None:
        """Start the writers; a session that fails early starts them as it closes."""
        for writer in self._writers:
            writer.start()


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
