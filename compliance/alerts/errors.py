"""What can go wrong with alerts, in our words."""

from sondervoice.kernel.errors import NotFoundError


class AlertNotFoundError(NotFoundError):
    """No such alert, or another clinic's."""

    code = "alert_not_found"
