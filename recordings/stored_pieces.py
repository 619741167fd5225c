"""The sealed pieces of a stored recording, fetched from where it rests."""

from collections.abc import Iterator
from typing import Final

from recordings.models import Recording
from recordings.object_file import SEALED_PIECE_BYTES
from recordings.objects.places import objects_at

# Fetched at once by who goes on reading: 1 MB, about a minute of sound.
_PIECES_AT_MOST: Final = 16


def fetch_pieces(recording: Recording, first: int, last: int) -> Iterator[bytes]:
    """Yield the sealed pieces from `first` to `last`, both included.

    One piece is fetched first, then twice as many each time: who seeks reads no more
    than is played, who listens on asks seldom. What is beyond the end is empty.

    Raises:
        FileNotFoundError: If it is not in its storage.
        PlaceUnknownError: If the settings do not name its storage any more.
        VendorError: If the storage does not answer.
    """
    objects = objects_at(recording.place)
    at_once = 1
    while first <= last:
        count = min(at_once, last - first + 1)
        fetched = objects.read(
            recording.object_name,
            start=first * SEALED_PIECE_BYTES,
            length=count * SEALED_PIECE_BYTES,
        )
        for number in range(count):
            at = number * SEALED_PIECE_BYTES
            yield fetched[at : at + SEALED_PIECE_BYTES]
        first += count
        at_once = min(at_once * 2, _PIECES_AT_MOST)
