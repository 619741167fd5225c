"""The demo caller's voice, made when the demo runs."""

import asyncio
from collections.abc import Sequence
from typing import Final

from sondervoice.demo.script import LANGUAGE
from telephony.voice.adapters.ondevice.mouth import OnDeviceMouth

# The accent the on-device ear was measured on; see docs.
VOICE: Final = "en-us"


def speak_lines(lines: Sequence[str]) -> dict[str, bytes]:
    """Return each line as PCM at 8 kHz.

    Raises:
        VoiceVendorError: If the on-device voice does not start.
    """
    return asyncio.run(_speak(lines))


async def _speak(lines: Sequence[str]) -> dict[str, bytes]:
    mouth = OnDeviceMouth(voice=VOICE)
    await mouth.start()
    try:
        return {
            line: b"".join(
                [piece async for piece in mouth.speak(line, language=LANGUAGE)]
            )
            for line in lines
        }
    finally:
        await mouth.stop()
