"""A recording as a WAV that was never written: any range, opened piece by piece."""

import struct
from collections.abc import Iterator
from typing import Final, Literal

from compliance.keys.call_sealer import CallSealer
from recordings.models import Recording
from recordings.object_file import PIECE_BYTES, TICK_BYTES, open_piece
from recordings.stored_pieces import fetch_pieces
from telephony.voice.pcm import FROM_G711, to_stereo

Track = Literal["both", "caller", "agent"]

HEADER_BYTES: Final = 44
SAMPLE_RATE_HZ: Final = 8_000
_SIDE_BYTES: Final = TICK_BYTES // 2
_TICKS_A_PIECE: Final = PIECE_BYTES // TICK_BYTES


class WavView:
    """16-bit PCM at 8 000 Hz: stereo with the caller left for ``both``, else mono.

    Attributes:
        size_bytes: Of the whole WAV, header included.
    """

    def __init__(self, recording: Recording, sealer: CallSealer, track: Track) -> None:
        """Show a stored recording; nothing is read yet."""
        self._recording = recording
        self._sealer = sealer
        self._track = track
        self._channels = 2 if track == "both" else 1
        self._tick_bytes = _SIDE_BYTES * 2 * self._channels
        self._ticks = recording.duration_ms // 20
        self.size_bytes = HEADER_BYTES + self._ticks * self._tick_bytes

    def read(self, first: int, last: int) -> Iterator[bytes]:
        """Yield the bytes from `first` to `last`, both included.

        At most 1 MB is fetched at a time, and one piece of 64 KB is open.

        Raises:
            SealBrokenError: If what is stored was changed or cut.
            FileNotFoundError: If it is not in the storage.
            VendorError: If the storage does not answer.
        """
        if first < HEADER_BYTES:
            yield self._header()[first : last + 1]
            first = HEADER_BYTES
        if last < first:
            return
        start, end = first - HEADER_BYTES, last - HEADER_BYTES + 1
        step = _TICKS_A_PIECE * self._tick_bytes
        number, final = start // step, (end - 1) // step
        for at, sealed in enumerate(fetch_pieces(self._recording, number, final)):
            base = (number + at) * step
            yield self._sound(sealed, number + at)[max(0, start - base) : end - base]

    def _sound(self, sealed: bytes, number: int) -> bytes:
        is_last = number == max(0, (self._ticks - 1) // _TICKS_A_PIECE)
        plain = open_piece(sealed, self._sealer, number=number, is_last=is_last)
        ticks = [
            plain[start : start + TICK_BYTES]
            for start in range(0, len(plain), TICK_BYTES)
        ]
        caller = FROM_G711["PCMU"](b"".join(tick[:_SIDE_BYTES] for tick in ticks), 2)
        agent = FROM_G711["PCMU"](b"".join(tick[_SIDE_BYTES:] for tick in ticks), 2)
        if self._track == "both":
            return to_stereo(caller, agent)
        return caller if self._track == "caller" else agent

    def _header(self) -> bytes:
        size = self.size_bytes - HEADER_BYTES
        frame = 2 * self._channels
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            b"RIFF",
            size + HEADER_BYTES - 8,
            b"WAVE",
            b"fmt ",
            16,
            1,
            self._channels,
            SAMPLE_RATE_HZ,
            SAMPLE_RATE_HZ * frame,
            frame,
            16,
            b"data",
            size,
        )
