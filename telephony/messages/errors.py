"""What can go wrong with messages, in our words."""

from sondervoice.kernel.errors import NotFoundError


class MessageNotFoundError(NotFoundError):
    """No such message, or not one of your clinic's."""

    code = "message_not_found"
