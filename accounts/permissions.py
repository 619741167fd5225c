"""Who may do what: one table, the whole policy."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What a person is to a clinic; the last two are not given by the clinic itself."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    RECEPTIONIST = "receptionist"
    CLINICIAN = "clinician"
    BILLING = "billing"
    AUDITOR = "auditor"
    VIEWER = "viewer"
    AGENCY_ADMINISTRATOR = "agency_administrator"
    SYSTEM_OPERATOR = "system_operator"


class Permission(StrEnum):
    """A thing one may be allowed to do."""

    CALLS_VIEW = "calls.view"
    CALLS_LISTEN = "calls.listen"
    CALLS_DELETE = "calls.delete"
    CALLERS_VIEW = "callers.view"
    CALLERS_REVEAL = "callers.reveal"
    APPOINTMENTS_VIEW = "appointments.view"
    PATIENTS_VIEW = "patients.view"
    MESSAGES_VIEW = "messages.view"
    MESSAGES_HANDLE = "messages.handle"
    AGENTS_VIEW = "agents.view"
    MEMBERS_VIEW = "members.view"
    MEMBERS_MANAGE = "members.manage"
    ROLES_VIEW = "roles.view"
    ROLES_MANAGE = "roles.manage"
    KEYS_VIEW = "keys.view"
    KEYS_MANAGE = "keys.manage"
    SECURITY_VIEW = "security.view"
    SECURITY_MANAGE = "security.manage"
    SSO_MANAGE = "sso.manage"
    CLINIC_MANAGE = "clinic.manage"
    CLINIC_CLOSE = "clinic.close"
    ACCESS_VIEW = "access.view"
    PLAN_VIEW = "plan.view"
    RETENTION_VIEW = "retention.view"
    RETENTION_MANAGE = "retention.manage"
    STATISTICS_VIEW = "statistics.view"
    RIGHTS_VIEW = "rights.view"
    RIGHTS_MANAGE = "rights.manage"
    DATA_EXPORT = "data.export"


# One sentence each, as the page of roles says it.
MEANINGS: Final[Mapping[Permission, str]] = MappingProxyType(
    {
        Permission.CALLS_VIEW: "See calls and what was said, callers masked",
        Permission.CALLS_LISTEN: "Play recordings",
        Permission.CALLS_DELETE: "Delete calls, messages and past appointments",
        Permission.CALLERS_VIEW: "See callers' names and numbers at once",
        Permission.CALLERS_REVEAL: "Show a caller after giving a reason",
        Permission.APPOINTMENTS_VIEW: "See the diary",
        Permission.PATIENTS_VIEW: "See patients' names in the diary",
        Permission.MESSAGES_VIEW: "See messages",
        Permission.MESSAGES_HANDLE: "Mark messages as handled",
        Permission.AGENTS_VIEW: "See the receptionists",
        Permission.MEMBERS_VIEW: "See who belongs to the clinic",
        Permission.MEMBERS_MANAGE: "Invite people, change roles, let people go",
        Permission.ROLES_VIEW: "See which role may do what",
        Permission.ROLES_MANAGE: "Make roles of the clinic's own",
        Permission.KEYS_VIEW: "See the keys of machines",
        Permission.KEYS_MANAGE: "Make and end keys of machines",
        Permission.SECURITY_VIEW: "See the rules for signing in",
        Permission.SECURITY_MANAGE: "Change the rules for signing in",
        Permission.SSO_MANAGE: "Set up sign-in by the clinic's own directory",
        Permission.CLINIC_MANAGE: "Change the clinic's name and time zone",
        Permission.CLINIC_CLOSE: "Close the clinic's account, with all its data",
        Permission.ACCESS_VIEW: "See who looked at what",
        Permission.PLAN_VIEW: "See the plan",
        Permission.RETENTION_VIEW: "See how long data is kept, and what is held",
        Permission.RETENTION_MANAGE: "Change how long data is kept, and hold it",
        Permission.STATISTICS_VIEW: "See how many calls there are of each kind",
        Permission.RIGHTS_VIEW: "See what callers ask about their data",
        Permission.RIGHTS_MANAGE: "Decide what callers ask, and see who asks",
        Permission.DATA_EXPORT: "Take all of the clinic's data along",
    }
)

_READ: Final = frozenset(
    {
        Permission.CALLS_VIEW,
        Permission.APPOINTMENTS_VIEW,
        Permission.AGENTS_VIEW,
    }
)
_DESK: Final = _READ | {
    Permission.CALLS_LISTEN,
    Permission.CALLERS_REVEAL,
    Permission.PATIENTS_VIEW,
    Permission.MESSAGES_VIEW,
    Permission.MESSAGES_HANDLE,
    Permission.MEMBERS_VIEW,
    Permission.ROLES_VIEW,
}
_OVERSEE: Final = frozenset(
    {
        Permission.MEMBERS_VIEW,
        Permission.ROLES_VIEW,
        Permission.KEYS_VIEW,
        Permission.SECURITY_VIEW,
        Permission.ACCESS_VIEW,
        Permission.PLAN_VIEW,
        Permission.RETENTION_VIEW,
        Permission.STATISTICS_VIEW,
    }
)
# Whoever holds one of these can give access to others, take it, or make data go: a
# second factor is asked of them whatever their role is called.
ADMINISTRATIVE: Final = frozenset(
    {
        Permission.MEMBERS_MANAGE,
        Permission.ROLES_MANAGE,
        Permission.KEYS_MANAGE,
        Permission.SECURITY_MANAGE,
        Permission.SSO_MANAGE,
        Permission.CLINIC_MANAGE,
        # Takes away for good, or keeps what others want gone.
        Permission.RETENTION_MANAGE,
        Permission.CALLS_DELETE,
        Permission.CLINIC_CLOSE,
        # Hands out, or erases, all that is kept of a person.
        Permission.RIGHTS_MANAGE,
        Permission.DATA_EXPORT,
    }
)
# Of the whole clinic, so never held by who sees a part of its calls: what a caller asks
# spans all places, holds name calls and why, and counts tell of calls not seen.
WHOLE_CLINIC: Final = ADMINISTRATIVE | {
    Permission.RIGHTS_VIEW,
    Permission.RETENTION_VIEW,
    Permission.STATISTICS_VIEW,
}
# All but the end of everything, which is an owner's.
_ADMINISTER: Final = _OVERSEE | (ADMINISTRATIVE - {Permission.CLINIC_CLOSE})

ROLE_GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        # Everything, so that a role of the clinic's own can be composed of anything.
        Role.OWNER: frozenset(Permission),
        Role.ADMINISTRATOR: (_DESK | _ADMINISTER | {Permission.RIGHTS_VIEW})
        - {Permission.DATA_EXPORT},
        Role.RECEPTIONIST: _DESK,
        Role.CLINICIAN: _DESK | {Permission.CALLERS_VIEW},
        Role.BILLING: frozenset({Permission.MEMBERS_VIEW, Permission.PLAN_VIEW}),
        Role.AUDITOR: _READ
        | _OVERSEE
        | {Permission.MESSAGES_VIEW, Permission.RIGHTS_VIEW},
        Role.VIEWER: _READ,
        # A firm from outside: it sets the clinic up, hears and reveals nothing, deletes
        # nothing, and decides nothing about what is kept.
        Role.AGENCY_ADMINISTRATOR: (_READ | _ADMINISTER)
        - {
            Permission.RETENTION_MANAGE,
            Permission.CALLS_DELETE,
            Permission.RIGHTS_MANAGE,
            Permission.DATA_EXPORT,
        },
        # Only within a session that two operators stand for; see `accounts.operators`.
        Role.SYSTEM_OPERATOR: _READ | _OVERSEE,
    }
)
MEMBER_ROLES: Final = tuple(
    role
    for role in Role
    if role not in {Role.AGENCY_ADMINISTRATOR, Role.SYSTEM_OPERATOR}
)

SCOPE_GRANTS: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {
        "calls:read": frozenset({Permission.CALLS_VIEW, Permission.AGENTS_VIEW}),
        "appointments:read": frozenset(
            {Permission.APPOINTMENTS_VIEW, Permission.PATIENTS_VIEW}
        ),
        "messages:read": frozenset({Permission.MESSAGES_VIEW}),
        # Beside another: names, numbers and words as they are.
        "callers:read": frozenset({Permission.CALLERS_VIEW}),
        "members:read": frozenset({Permission.MEMBERS_VIEW}),
        "roles:read": frozenset({Permission.ROLES_VIEW}),
        "keys:read": frozenset({Permission.KEYS_VIEW}),
    }
)


def needs_second_factor(granted: Iterable[Permission], *, hipaa_mode: bool) -> bool:
    """Return whether somebody with these permissions must show a second factor."""
    return hipaa_mode or not ADMINISTRATIVE.isdisjoint(granted)
