"""What can go wrong with passwords."""

from sondervoice.kernel.errors import NotFoundError, RefusedError, SonderError


class PasswordsBusyError(SonderError):
    """More passwords are waiting to be checked than we can check in time."""

    code = "passwords_busy"
    status = 503
    message = (
        "Many people are signing in at this moment. Wait ten seconds, then try again."
    )
    retry_after_s = 10.0


class PasswordWrongError(RefusedError):
    """The password that was asked for is another one."""

    code = "password_wrong"
    message = "This is not your password."


class ResetLinkDeadError(NotFoundError):
    """The link was used, has run out, or never was one; all look the same."""

    code = "reset_link_dead"
