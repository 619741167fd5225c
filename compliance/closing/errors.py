"""What can go wrong with closing an account, in our words."""

from sondervoice.kernel.errors import ConflictError, ForbiddenError, RefusedError


class ClosingNotYoursError(ForbiddenError):
    """Only an owner closes the account, or keeps it."""

    code = "closing_not_yours"
    message = "Only an owner of the clinic can close its account or keep it."


class ClosingAskedError(ConflictError):
    """It is being closed already."""

    code = "closing_asked"
    message = "This account is being closed already."


class NameNotTypedError(RefusedError):
    """The clinic's name was not typed as it is written."""

    code = "name_not_typed"
    message = "This is not the clinic’s name. Nothing was changed."  # noqa: RUF001


class GraceOverError(ConflictError):
    """It cannot be undone any more, or was not asked for."""

    code = "grace_over"
    message = "The account cannot be kept any more."
