"""Members, over REST."""

from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from rest_framework.request import Request

from accounts.actors import Actor
from accounts.joining.services.change_member import change_role, let_go
from accounts.machines.people_shapes import (
    MEMBER,
    MEMBER_ROLE,
    MEMBER_WISH,
)
from accounts.machines.selectors.people import list_members
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.rest import ClinicView, Json, Pages, Write, one_of
from accounts.roles.refusals import refusals_noted
from accounts.selectors.members import get_membership
from accounts.shapes import page_of
from sondervoice.kernel import audit

_LAST_OWNER: Final = (
    "The clinic would have no owner, or the Idempotency-Key was used for another "
    "request."
)


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
    """``GET``, ``PATCH`` and ``DELETE /api/v1/members/<id>/``."""

    permission = Permission.MEMBERS_VIEW
    summary = "One member; each look is noted"
    answers = MEMBER
    writes = MappingProxyType(
        {
            "patch": Write(
                name="MemberChange",
                summary="Give a member another role; their sessions and tokens end",
                permission=Permission.MEMBERS_MANAGE,
                takes=MEMBER_WISH,
                answers=MEMBER_ROLE,
                refuses=MappingProxyType(
                    {409: "The member was let go.", 422: _LAST_OWNER}
                ),
            ),
            "delete": Write(
                name="MemberLetGo",
                summary="Let a member go; their sessions, tokens and keys end; "
                "?keep_keys=true keeps the keys, and you answer for them",
                permission=Permission.MEMBERS_MANAGE,
                refuses=MappingProxyType({422: _LAST_OWNER}),
            ),
        }
    )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return the member."""
        found = get_membership(actor=actor, membership_id=ids["membership_id"])
        note_members_read(actor, count=1)
        return member_json(found)

    def watching(self, actor: Actor, **ids: UUID) -> AbstractContextManager[None]:
        """Note who reaches for a role that is not theirs to give or take."""
        return refusals_noted(
            actor, subject_kind="membership", subject_id=ids["membership_id"]
        )

    def write(self, actor: Actor, body: Json, **ids: UUID) -> Any:
        """Change the role and return it, or let the member go."""
        member_id = ids["membership_id"]
        if self.request.method == "DELETE":
            said = self.request.query_params.get("keep_keys", "false")
            keep = one_of(said, ("false", "true"), name="keep_keys") == "true"
            let_go(actor=actor, membership_id=member_id, now=self.now, keep_keys=keep)
            return None
        change_role(
            actor=actor,
            membership_id=member_id,
            role=body["role"],
            now=self.now,
            keep_keys=body.get("keep_keys", False),
        )
        return member_role_json(get_membership(actor=actor, membership_id=member_id))


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


def member_role_json(member: Membership) -> Json:
    """Return what the member is to the clinic, without who they are."""
    return {
        "id": member.id,
        "role": member.role,
        "custom_role": member.custom_role_id,
    }
