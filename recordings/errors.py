"""What can go wrong with what a call left behind, in our words."""

from typing import ClassVar

from sondervoice.kernel.errors import ConflictError, ForbiddenError, NotFoundError


class RecordingNotFoundError(NotFoundError):
    """There is no sound to play: none was kept, or it is erased, or not stored yet."""

    code = "recording_not_found"
    message = "There is no sound to play for this call."
    sought_by: ClassVar[tuple[str, ...]] = ()


class PlaybackRefusedError(ForbiddenError):
    """The grant is missing, too old, or for another person or call."""

    code = "playback_refused"
    message = "Press play again: the last permission to listen has run out."


class PlaceUnknownError(ConflictError):
    """A row names a storage that the settings do not."""

    code = "place_unknown"
    message = "The storage of this recording is not known here any more."
