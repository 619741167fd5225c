"""What can go wrong with calls, in our words."""

from typing import ClassVar

from sondervoice.kernel.errors import NotFoundError, RefusedError


class CallNotFoundError(NotFoundError):
    """No such call, or not one of your clinic's."""

    code = "call_not_found"


class NoteNotKeptError(RefusedError):
    """The words of a call are erased, and a note would stand past their day."""

    code = "note_not_kept"
    message = (
        "The names and notes of this call are erased, so none is kept any more. Choose "
        "a reason from the list and write nothing."
    )


class ReasonMissingError(RefusedError):
    """Whoever reveals a caller says why."""

    code = "reason_missing"
    message = "Say why you need to see who called. Nothing was shown."


class StreamTokenRefusedError(RefusedError):
    """The token is unknown, too old, used, or another call's."""

    code = "stream_token_refused"


class PlaceNotFoundError(NotFoundError):
    """No such place, or not one of your clinic's."""

    code = "place_not_found"
    # A form may name one too, and says so itself.
    sought_by: ClassVar[tuple[str, ...]] = ("location_id",)


class NumberNotFoundError(NotFoundError):
    """No such number, or not one of your clinic's."""

    code = "number_not_found"


class PlaceNameRefusedError(RefusedError):
    """The name is empty, too long, or taken."""

    code = "place_name_refused"
