"""Who may do what: one table, the whole policy."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a member is to a clinic."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    RECEPTIONIST = "receptionist"
    CLINICIAN = "clinician"
    AUDITOR = "auditor"
    VIEWER = "viewer"


class Permission(StrEnum):
    """A thing one may be allowed to do; the value is an API key's scope as well."""

    CALLS_VIEW = "calls.view"
    CALLS_LISTEN = "calls.listen"
    CALLERS_REVEAL = "callers.reveal"
    APPOINTMENTS_VIEW = "appointments.view"
    MESSAGES_VIEW = "messages.view"
    MESSAGES_HANDLE = "messages.handle"
    AGENTS_VIEW = "agents.view"


_READ = frozenset(
    {
        Permission.CALLS_VIEW,
        Permission.APPOINTMENTS_VIEW,
        Permission.MESSAGES_VIEW,
        Permission.AGENTS_VIEW,
    }
)
_DESK = _READ | {
    Permission.CALLS_LISTEN,
    Permission.CALLERS_REVEAL,
    Permission.MESSAGES_HANDLE,
}

ROLE_GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.OWNER: _DESK,
        Role.ADMINISTRATOR: _DESK,
        Role.RECEPTIONIST: _DESK,
        Role.CLINICIAN: _DESK,
        Role.AUDITOR: _READ,
        Role.VIEWER: _READ - {Permission.MESSAGES_VIEW},
    }
)

SCOPE_GRANTS: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {
        "calls:read": frozenset({Permission.CALLS_VIEW, Permission.AGENTS_VIEW}),
        "appointments:read": frozenset({Permission.APPOINTMENTS_VIEW}),
        "messages:read": frozenset({Permission.MESSAGES_VIEW}),
    }
)
