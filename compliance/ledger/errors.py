"""What can go wrong with the record, in our words."""

from sondervoice.kernel.errors import ConflictError, ForbiddenError, RefusedError


class LineNotSealedError(ConflictError):
    """The line is too new to be proved, or there is none."""

    code = "line_not_sealed"
    message = "This line is not sealed yet. Try again in some seconds."


class RecordNotSealedError(ConflictError):
    """Nothing has been sealed yet."""

    code = "record_not_sealed"
    message = "Nothing is sealed yet. Try again in some seconds."


class CheckpointUnknownError(RefusedError):
    """The text is no checkpoint of this record."""

    code = "checkpoint_unknown"
    message = (
        "This is no checkpoint of your clinic that we signed. Give the file as you "
        "saved it, from its first line to its last."
    )


class WholeRecordOnlyError(ForbiddenError):
    """Who sees some places alone cannot take the whole record along."""

    code = "whole_record_only"
    message = (
        "You see the calls of some places only, and this file has all of them. "
        "Somebody who sees every place can take it along."
    )
