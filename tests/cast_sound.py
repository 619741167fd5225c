"""Sound for the cast's calls, stored the way the product stores it."""

import math
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from recordings.models import Recording
from recordings.object_file import TICK_BYTES, seal_pieces
from recordings.objects.places import objects_at, place_for
from telephony.models import Call
from telephony.voice.pcm import TO_G711
from tests.cast_calls import sealer_of

TICK_MS = 20
SILENCE = b"\xff" * (TICK_BYTES // 2)
BARS = 150


def _tone(hertz: int, level: float) -> bytes:
    samples = (
        round(12_000 * level * math.sin(2 * math.pi * hertz * n / 8_000))
        for n in range(TICK_BYTES // 2)
    )
    pcm = b"".join(value.to_bytes(2, "little", signed=True) for value in samples)
    return TO_G711["PCMU"](pcm, 2)


CALLER = _tone(300, 0.8)
AGENT = _tone(200, 0.8)


def _ticks(seconds: int, silent_s: int) -> Iterator[bytes]:
    """Caller and agent by turns of 3 s; nothing was kept at first."""
    for tick in range(seconds * 1000 // TICK_MS):
        second = tick * TICK_MS // 1000
        if second < silent_s:
            yield SILENCE + SILENCE
        elif second // 3 % 2:
            yield CALLER + SILENCE
        else:
            yield SILENCE + AGENT


def _peaks(seconds: int, silent_s: int) -> list[list[int] | None]:
    peaks: list[list[int] | None] = []
    for bar in range(BARS):
        second = bar * seconds / BARS
        level = round(
            28 + 34 * abs(math.sin(bar * 1.7)) + 30 * abs(math.sin(bar * 0.61))
        )
        if second < silent_s:
            peaks.append(None)
        else:
            peaks.append([level, 0] if int(second) // 3 % 2 else [0, level])
    return peaks


def store_sound(call: Call, *, seconds: int = 61, silent_s: int = 18) -> Recording:
    sealer = sealer_of(call)
    sealed = b"".join(chain(*seal_pieces(_ticks(seconds, silent_s), sealer)))
    name = f"{call.organization_id}/{call.id}.sealed"
    place = place_for(call.organization.region)
    objects_at(place).put(name, [sealed])
    began = call.ended_at or call.started_at
    return Recording.objects.create(
        organization_id=call.organization_id,
        call=call,
        status=Recording.Status.STORED,
        duration_ms=seconds * 1000,
        size_bytes=len(sealed),
        place=place,
        object_name=name,
        peaks=_peaks(seconds, silent_s),
        stored_at=began + timedelta(seconds=2),
    )
