"""What can go wrong with keys, tokens and the REST API, in our words."""

from sondervoice.kernel.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RefusedError,
    SonderError,
)


class KeyNotFoundError(NotFoundError):
    """No such key, or another clinic's."""

    code = "key_not_found"


class TokensNotFoundError(NotFoundError):
    """No such tokens, or another person's."""

    code = "tokens_not_found"


class KeyMadeBeforeError(ConflictError):
    """The form that asks for the key has made one."""

    code = "key_made_before"


class ScopeTooWideError(ForbiddenError):
    """The key would hold more than its maker."""

    code = "scope_too_wide"
    message = "A key may hold no more than you do. Choose fewer scopes."


class FactorMissingError(ForbiddenError):
    """A second factor is needed and there is none yet."""

    code = "second_factor_missing"
    message = "Set up a second factor in the browser first, then ask again."


class DirectoryWantedError(ForbiddenError):
    """The clinic counts only whoever came by its directory."""

    code = "directory_wanted"
    message = (
        "This clinic signs in through its directory, in a browser. A program needs "
        "a key."
    )


class SignInRefusedError(SonderError):
    """The pair of address and password is wrong."""

    code = "sign_in_refused"
    status = 401
    message = "E-mail or password is wrong."


class CodeNeededError(SonderError):
    """The pair is right, and a one-time code is missing or wrong."""

    code = "code_needed"
    status = 401
    message = "Send the one-time code of your second factor as `code`."


class RefreshRefusedError(SonderError):
    """The refresh token is worth nothing."""

    code = "refresh_refused"
    status = 401
    message = "This refresh token is not valid. Sign in again."


class AnswerDiffersError(RefusedError):
    """An Idempotency-Key came again with another request."""

    code = "idempotency_key_reused"
    message = "This Idempotency-Key was used for another request. Use a new one."


class AnswerGoneError(RefusedError):
    """An Idempotency-Key came again, and the first answer cannot be read any more."""

    code = "answer_gone"
    message = "This was done. Its first answer cannot be given again."


class GatewayTokenChangedError(ConflictError):
    """Two rotations at one time."""

    code = "gateway_token_changed"
