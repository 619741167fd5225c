"""What can go wrong with the diary, in our words."""

from sondervoice.kernel.errors import ConflictError, NotFoundError


class SlotTakenError(ConflictError):
    """Somebody else has taken this place meanwhile."""

    code = "slot_taken"
    message = "Somebody else has taken this place meanwhile."


class AppointmentNotFoundError(NotFoundError):
    """No such appointment, or not this caller's."""

    code = "appointment_not_found"
