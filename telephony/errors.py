"""What can go wrong with calls, in our words."""

from sondervoice.kernel.errors import NotFoundError, RefusedError


class CallNotFoundError(NotFoundError):
    """No such call, or not one of your clinic's."""

    code = "call_not_found"


class StreamTokenRefusedError(RefusedError):
    """The token is unknown, too old, used, or another call's."""

    code = "stream_token_refused"
