"""What can go wrong with a clinic's own page, in our words."""

from sondervoice.kernel.errors import ConflictError, ForbiddenError


class AgencyNotYoursError(ForbiddenError):
    """Only an owner says whether an agency looks after the clinic."""

    code = "agency_not_yours"
    message = "Only an owner of the clinic can end the work of its agency."


class NoAgencyError(ConflictError):
    """No agency looks after the clinic."""

    code = "no_agency"
    message = "No agency looks after this clinic."
