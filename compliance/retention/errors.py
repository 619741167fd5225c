"""What can go wrong with retention, in our words."""

from sondervoice.kernel.errors import ConflictError, NotFoundError, RefusedError


class StillThereError(ConflictError):
    """Something erased can still be read: the run is not finished, and tried again."""

    code = "still_there"
    message = "Something that was erased is still there."


class HoldNotFoundError(NotFoundError):
    """No hold of the clinic has this id."""

    code = "hold_not_found"
    message = "There is no such hold."


class RetentionRefusedError(RefusedError):
    """The days are not ones that the clinic may choose."""

    code = "retention_refused"
    message = "These days cannot be chosen."


class HoldRefusedError(RefusedError):
    """A hold says neither what it covers nor why."""

    code = "hold_refused"
    message = "A hold says what it covers, why, and when to look at it again."


class HeldCallNotFoundError(NotFoundError):
    """The clinic has no call of this id, or nothing is left of it."""

    code = "held_call_not_found"
    message = "There is no such call."
