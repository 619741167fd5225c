"""What can go wrong with people and access, in our words."""

from sondervoice.kernel.errors import ForbiddenError, NotFoundError


class OrganizationNotFoundError(NotFoundError):
    """No such clinic, or not one of yours."""

    code = "organization_not_found"


class PermissionMissingError(ForbiddenError):
    """The role lacks the permission."""

    code = "permission_missing"
