"""What can go wrong with deleting, in our words."""

from sondervoice.kernel.errors import ConflictError, NotFoundError, RefusedError


class RowNotFoundError(NotFoundError):
    """Nothing of the clinic's that can be deleted, or is in the bin, has this id."""

    code = "row_not_found"


class StillNeededError(RefusedError):
    """The call goes on, or the visit is still to come."""

    code = "still_needed"


class BeyondReturnError(ConflictError):
    """Its time in the bin is over: it goes in the next night, or is going now."""

    code = "beyond_return"
    message = "It cannot be brought back any more. Nothing was changed."


class HeldError(ConflictError):
    """A legal hold covers it."""

    code = "held"
    message = (
        "A legal hold covers this, so it stays in the bin until the hold is released. "
        "Nothing was erased."
    )
