"""What can go wrong with people and access, in our words."""

from typing import ClassVar

from sondervoice.kernel.errors import ForbiddenError, NotFoundError, RefusedError


class OrganizationNotFoundError(NotFoundError):
    """No such clinic, or not one of yours."""

    code = "organization_not_found"


class PermissionMissingError(ForbiddenError):
    """The role lacks the permission."""

    code = "permission_missing"


class WholeClinicError(PermissionMissingError):
    """It is of the whole clinic, and who asks sees a part of its calls."""

    code = "whole_clinic"
    message = "You see some places or receptionists. An owner can change that."


class MemberNotFoundError(NotFoundError):
    """No such member, or not one of your clinic's."""

    code = "member_not_found"


class OwnLimitsError(RefusedError):
    """An owner sees everything, and nobody sets their own limits."""

    code = "own_limits"
    message = (
        "An owner sees all calls, and nobody limits themselves. Ask another owner."
    )


class LimitsNotYoursError(ForbiddenError):
    """The member's role may do more than the actor's."""

    code = "limits_not_yours"
    message = "Their role may do more than yours. Ask an owner."


class LimitNotFoundError(NotFoundError):
    """No such place or receptionist, or not one of your clinic's."""

    code = "limit_not_found"
    # Only bodies name one, and say so; the address is about somebody else.
    sought_by: ClassVar[tuple[str, ...]] = ()


class RegionNotServedError(RefusedError):
    """There are buckets, and none in the clinic's region; elsewhere nothing goes."""

    code = "region_not_served"
    message = "Recordings cannot be stored in this region. Choose another."
