"""What can go wrong with an asking, in our words."""

from sondervoice.kernel.errors import ConflictError, NotFoundError, RefusedError


class AskingNotFoundError(NotFoundError):
    """No such asking, or nothing of it is this browser's to see."""

    code = "asking_not_found"
    message = "Open the link in your newest letter or text message again."


class TextsUsedUpError(RefusedError):
    """No more text messages today, or none at all."""

    code = "texts_used_up"
    message = "No more text messages can be sent today. Use your e-mail address."


class PrivacyRequestNotFoundError(NotFoundError):
    """No such request of this person's."""

    code = "privacy_request_not_found"


class PrivacyRequestOpenError(ConflictError):
    """The same was asked and is not answered yet."""

    code = "privacy_request_open"
    message = "You have asked for this, and it is not answered yet."


class PrivacyRequestClosedError(ConflictError):
    """It was answered meanwhile."""

    code = "privacy_request_closed"
    message = "This request was answered meanwhile."


class PrivacyRequestPutOffError(RefusedError):
    """It was put off before, is late already, or would be put off for too long."""

    code = "privacy_request_put_off"
    message = (
        "A request is put off once, within its first month, by 60 days at most. "
        "Answer it."
    )
