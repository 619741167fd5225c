"""A program of its own that speaks with espeak-ng: ``python -m …mouth_child``.

espeak-ng is under the GPL 3, so it is loaded here and nowhere else: this program talks
to the rest over its pipes only. It ends when its input does.

Source:
    espeak-ng's public header ``speak_lib.h`` for the calls and their numbers.
"""

import ctypes
import json
import os
import sys
from dataclasses import asdict
from typing import Any, BinaryIO, Final

import espeakng_loader

from telephony.voice.adapters.ondevice.manners import MANNERS
from telephony.voice.adapters.ondevice.protocol import Kind, read, write
from telephony.voice.adapters.ondevice.resample import Resampler

_SYNCHRONOUS: Final = 2  # AUDIO_OUTPUT_SYNCHRONOUS: sound comes to the callback
_RATE, _PITCH, _RANGE = 1, 3, 4  # espeakRATE, espeakPITCH, espeakRANGE
_UTF8: Final = 1  # espeakCHARS_UTF8
_PHONEMES: Final = 0x100  # espeakPHONEMES: what stands in [[ ]] is sounds, not letters
_PIECE_MS: Final = 60
_PIPE_BYTES: Final = 8_192
_OUT_HZ: Final = 8_000

_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class _Engine:
    """The library, opened once."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = os.fsencode(espeakng_loader.get_data_path())
        start = self._library.espeak_Initialize
        self.rate_hz = int(start(_SYNCHRONOUS, _PIECE_MS, data, 0))
        if self.rate_hz <= 0:
            raise RuntimeError("espeak-ng did not start")
        self._sound = bytearray()
        self._callback = _Callback(self._take)  # kept: the library holds a bare pointer
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: Any, count: int, _events: int) -> int:
        if samples and count:
            self._sound += ctypes.string_at(samples, count * 2)
        return 0

    def say(self, order: dict[str, Any]) -> bytes:
        """Return the sentence as PCM at the engine's own rate; empty on refusal."""
        self._sound.clear()
        text = order["text"].encode() + b"\0"
        if self._library.espeak_SetVoiceByName(order["voice"].encode()) != 0:
            return b""
        for number, key in ((_RATE, "rate"), (_PITCH, "pitch"), (_RANGE, "range")):
            self._library.espeak_SetParameter(number, order[key], 0)
        flags = _UTF8 | _PHONEMES if order.get("phonemes") else _UTF8
        self._library.espeak_Synth(text, len(text), 0, 0, 0, flags, None, None)
        return bytes(self._sound)


def _serve(commands: BinaryIO, answers: BinaryIO) -> None:
    engine = _Engine()
    for manner in MANNERS.values():  # the first word of a voice takes 0.2 s more
        engine.say({"text": ".", **asdict(manner)})
    write(answers, Kind.READY)
    while (message := read(commands)) is not None:
        order = json.loads(message.body)
        sound = engine.say(order)
        if not sound:
            write(answers, Kind.FAILED)
            continue
        resampler = Resampler(from_hz=engine.rate_hz, to_hz=order.get("hz", _OUT_HZ))
        pcm = resampler.feed(sound) + resampler.finish()
        for start in range(0, len(pcm), _PIPE_BYTES):
            write(answers, Kind.SOUND, pcm[start : start + _PIPE_BYTES])
        write(answers, Kind.DONE)


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
