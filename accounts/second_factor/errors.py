"""What can go wrong with a second factor, in our words."""

from accounts.errors import PermissionMissingError
from sondervoice.kernel.errors import ForbiddenError, NotFoundError, RefusedError


class SecondFactorStaleError(ForbiddenError):
    """The second factor was shown too long ago, or not in this session."""

    code = "second_factor_stale"
    message = (
        "What you do here needs it shown in the last five minutes. Nothing was changed."
    )


class FactorNotFoundError(NotFoundError):
    """No such factor, or somebody else's."""

    code = "factor_not_found"


class LastFactorError(RefusedError):
    """Who must have a factor may replace the last one, not go without."""

    code = "last_factor"
    message = "Your role needs a second factor. Add another one, then remove this one."


class TooManyFactorsError(RefusedError):
    """More factors than anybody needs, each of which is one more to guess."""

    code = "too_many_factors"
    message = "You have five of these. Remove one, then add another."


class FactorResetRefusedError(PermissionMissingError):
    """Not this person's factor to take away."""

    code = "factor_reset_refused"
