"""What can go wrong with the statistics, in our words."""

from sondervoice.kernel.errors import ForbiddenError


class WholeClinicError(ForbiddenError):
    """The counts are of the whole clinic, and the reader sees a part of it."""

    code = "whole_clinic"
    message = (
        "These numbers are of the whole clinic. You see some places or receptionists."
    )
