"""Members and roles, over REST."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request

from accounts.actors import Actor
from accounts.machines.selectors.people import (
    list_custom_roles,
    list_members,
)
from accounts.machines.shapes import MEMBER, ROLE
from accounts.models import CustomRole, Membership
from accounts.permissions import MEMBER_ROLES, ROLE_GRANTS, Permission
from accounts.rest import ClinicView, Json, Pages
from accounts.selectors.members import get_membership
from accounts.shapes import page_of, rows
from sondervoice.kernel import audit


class MemberListView(ClinicView):
    """``GET /api/v1/members/``; each look leaves a row, since it names people."""

    permission = Permission.MEMBERS_VIEW
    summary = "Members, in the order they joined; each look is noted"
    answers = page_of(MEMBER)
    orderings = (("created_at", "id"), ("-created_at", "-id"))

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return a page of members."""
        found = list_members(actor=actor)
        page = Pages(*self.orderings).answer(request, found, member_json)
        note_members_read(actor, count=len(page["results"]))
        return page


class MemberView(ClinicView):
    """``GET /api/v1/members/<id>/``."""

    permission = Permission.MEMBERS_VIEW
    summary = "One member; each look is noted"
    answers = MEMBER

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return the member."""
        found = get_membership(actor=actor, membership_id=ids["membership_id"])
        note_members_read(actor, count=1)
        return member_json(found)


class RoleListView(ClinicView):
    """``GET /api/v1/roles/``."""

    permission = Permission.ROLES_VIEW
    summary = "Roles: those that every clinic has, then your own"
    answers = rows(ROLE)

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return all roles that a member can have."""
        usual = [
            role_json(None, role.value, [one.value for one in ROLE_GRANTS[role]])
            for role in MEMBER_ROLES
        ]
        return usual + [custom_role_json(one) for one in list_custom_roles(actor=actor)]


def note_members_read(actor: Actor, *, count: int) -> None:
    """Record that names and addresses of members were given out."""
    audit.record(
        audit.Entry(
            action="accounts.members.read",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="membership",
            subject_id=None,
            fields=("name", "email"),
            facts={"count": count},
        )
    )


def member_json(member: Membership) -> Json:
    """Return the member as JSON."""
    return {
        "id": member.id,
        "person_id": member.user_id,
        "name": member.user.full_name,
        "email": member.user.email,
        "role": member.role,
        "custom_role": member.custom_role_id,
        "has_second_factor": member.user.second_factor_since is not None,
        "joined_at": member.created_at,
        "ended_at": member.ended_at,
    }


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
