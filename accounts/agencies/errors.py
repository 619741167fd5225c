"""What can go wrong with agencies, in our words."""

from sondervoice.kernel.errors import NotFoundError


class AgencyNotFoundError(NotFoundError):
    """No such agency, or not one that you administer."""

    code = "agency_not_found"
