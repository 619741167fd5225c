"""Roles, over REST."""

from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from rest_framework.request import Request

from accounts.actors import Actor
from accounts.machines.people_shapes import ROLE, ROLE_CHANGE, ROLE_WISH
from accounts.machines.selectors.people import list_custom_roles
from accounts.models import CustomRole
from accounts.permissions import MEMBER_ROLES, ROLE_GRANTS, Permission
from accounts.rest import ClinicView, Json, Write
from accounts.roles.refusals import refusals_noted
from accounts.roles.selectors.custom_roles import get_custom_role
from accounts.roles.services.compose_role import change_role, make_role, retire_role
from accounts.roles.services.lock_roles import lock_roles
from accounts.shapes import rows

_NAME_TAKEN: Final = MappingProxyType({409: "Another role has this name."})


class RoleListView(ClinicView):
    """``GET`` and ``POST /api/v1/roles/``."""

    permission = Permission.ROLES_VIEW
    summary = "Roles: those that every clinic has, then your own"
    answers = rows(ROLE)
    writes = MappingProxyType(
        {
            "post": Write(
                name="RoleMake",
                summary="Make a role of the clinic’s own",  # noqa: RUF001
                permission=Permission.ROLES_MANAGE,
                takes=ROLE_WISH,
                answers=ROLE,
                status=201,
                refuses=_NAME_TAKEN,
            )
        }
    )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return all roles that a member can have."""
        usual = [
            role_json(None, role.value, [one.value for one in ROLE_GRANTS[role]])
            for role in MEMBER_ROLES
        ]
        return usual + [custom_role_json(one) for one in list_custom_roles(actor=actor)]

    def watching(self, actor: Actor, **ids: UUID) -> AbstractContextManager[None]:
        """Note who composes more than they hold."""
        return refusals_noted(actor, subject_kind="custom_role", subject_id=None)

    def write(self, actor: Actor, body: Json, **ids: UUID) -> Any:
        """Make the role."""
        made = make_role(
            actor=actor,
            name=body["name"].strip(),
            permissions=_permissions(body["permissions"]),
            now=self.now,
        )
        return custom_role_json(made)


class RoleView(ClinicView):
    """``GET``, ``PATCH`` and ``DELETE /api/v1/roles/<id>/``."""

    permission = Permission.ROLES_VIEW
    summary = "One role of the clinic’s own"  # noqa: RUF001
    answers = ROLE
    writes = MappingProxyType(
        {
            "patch": Write(
                name="RoleChange",
                summary="Change a role; who may do more or less by it signs in again",
                permission=Permission.ROLES_MANAGE,
                takes=ROLE_CHANGE,
                answers=ROLE,
                refuses=_NAME_TAKEN,
            ),
            "delete": Write(
                name="RoleRetire",
                summary="Take away a role that nobody has",
                permission=Permission.ROLES_MANAGE,
                refuses=MappingProxyType(
                    {409: "Somebody has the role, or is invited to it."}
                ),
            ),
        }
    )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return the role."""
        return custom_role_json(get_custom_role(actor=actor, role_id=ids["role_id"]))

    def watching(self, actor: Actor, **ids: UUID) -> AbstractContextManager[None]:
        """Note who changes what holds more than they do."""
        return refusals_noted(
            actor, subject_kind="custom_role", subject_id=ids["role_id"]
        )

    def write(self, actor: Actor, body: Json, **ids: UUID) -> Any:
        """Change the role and return it, or take it away."""
        if self.request.method == "DELETE":
            retire_role(actor=actor, role_id=ids["role_id"])
            return None
        return custom_role_json(self._change(actor, body, ids["role_id"]))

    def _change(self, actor: Actor, body: Json, role_id: UUID) -> CustomRole:
        # What is left out stays as it is once it is our turn: a new name must not
        # bring back permissions that somebody is taking away.
        lock_roles(actor=actor)
        was = get_custom_role(actor=actor, role_id=role_id)
        change_role(
            actor=actor,
            role_id=role_id,
            name=body.get("name", was.name).strip(),
            permissions=_permissions(body.get("permissions", was.permissions)),
            now=self.now,
        )
        return get_custom_role(actor=actor, role_id=role_id)


def custom_role_json(role: CustomRole) -> Json:
    """Return a role of the clinic's own as JSON."""
    return role_json(role.id, role.name, role.permissions)


def role_json(role_id: UUID | None, name: str, permissions: list[str]) -> Json:
    """Return a role as JSON."""
    return {
        "id": role_id,
        "name": name,
        "is_custom": role_id is not None,
        "permissions": sorted(permissions),
    }


def _permissions(words: list[str]) -> list[Permission]:
    return [Permission(word) for word in words]
