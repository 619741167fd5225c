"""The peer: pipecat's bot for this carrier at 8 kHz, which says back what it hears.

An ASGI application for the peer's own environment, built as pipecat's documentation
builds it, without what it can do without: no RTVI, no turn tracking, no debug log.
With ``PEER_VOICE_ACTIVITY=1`` each call has its Silero analyser.
"""

import json
import os
import sys

from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import Frame, InputAudioRawFrame, OutputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.telnyx import TelnyxFrameSerializer
from pipecat.transports.websocket.fastapi import (
    FastAPIWebsocketParams,
    FastAPIWebsocketTransport,
)
from pipecat.workers.runner import WorkerRunner

RATE = 8_000
HAS_VOICE_ACTIVITY = os.environ.get("PEER_VOICE_ACTIVITY") == "1"

logger.remove()
logger.add(sys.stderr, level="ERROR")
app = FastAPI()


class SayBack(FrameProcessor):
    """Says what it hears."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Turn sound that came in into sound that goes out."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            sound = OutputAudioRawFrame(
                audio=frame.audio, sample_rate=RATE, num_channels=1
            )
            await self.push_frame(sound)
        else:
            await self.push_frame(frame, direction)


@app.get("/readyz")
async def readyz() -> dict[str, bool]:
    """Tell that we listen."""
    return {"is_ready": True}


@app.websocket("/peer")
async def call(socket: WebSocket) -> None:
    """Serve one call."""
    await socket.accept()
    message = json.loads(await socket.receive_text())
    while message["event"] != "start":
        message = json.loads(await socket.receive_text())
    transport = FastAPIWebsocketTransport(
        websocket=socket,
        params=FastAPIWebsocketParams(
            audio_in_enabled=True,
            audio_out_enabled=True,
            audio_out_10ms_chunks=2,
            serializer=_serializer(message["stream_id"]),
        ),
    )
    activity = (
        [VADProcessor(vad_analyzer=SileroVADAnalyzer(sample_rate=RATE))]
        if HAS_VOICE_ACTIVITY
        else []
    )
    worker = PipelineWorker(
        Pipeline([transport.input(), *activity, SayBack(), transport.output()]),
        params=PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE),
        enable_rtvi=False,
        enable_turn_tracking=False,
        idle_timeout_secs=None,
    )
    runner = WorkerRunner(handle_sigint=False)

    @transport.event_handler("on_client_disconnected")
    async def gone(_transport: object, _client: object) -> None:
        await worker.cancel()

    await runner.add_workers(worker)
    await runner.run()


def _serializer(stream_id: str) -> TelnyxFrameSerializer:
    return TelnyxFrameSerializer(
        stream_id=stream_id,
        outbound_encoding="PCMU",
        inbound_encoding="PCMU",
        params=TelnyxFrameSerializer.InputParams(auto_hang_up=False),
    )
