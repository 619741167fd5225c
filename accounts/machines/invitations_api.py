"""Invitations, over REST."""

from contextlib import AbstractContextManager
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError as WrongAddressError
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.joining.fields import AddressField
from accounts.joining.models import Invitation
from accounts.joining.selectors.invitations import list_invitations
from accounts.joining.services.invite_person import DAYS, invite_person
from accounts.joining.services.resend_invitation import withdraw_invitation
from accounts.limit_choices import get_named
from accounts.machines.people_shapes import INVITATION, INVITATION_WISH
from accounts.permissions import Permission
from accounts.rest import ClinicView, Json, Pages, Write
from accounts.roles.refusals import refusals_noted
from accounts.shapes import page_of
from sondervoice.kernel import audit

_OWNER_LIMITED: Final = (
    "An owner would be limited, or the Idempotency-Key was used for another request."
)


class InvitationListView(ClinicView):
    """``GET`` and ``POST /api/v1/invitations/``."""

    permission = Permission.MEMBERS_VIEW
    summary = "Invitations that wait for an answer; each look is noted"
    answers = page_of(INVITATION)
    orderings = (("-created_at", "-id"), ("created_at", "id"))
    writes = MappingProxyType(
        {
            "post": Write(
                name="InvitationMake",
                summary="Invite somebody by a letter to their address",
                permission=Permission.MEMBERS_MANAGE,
                takes=INVITATION_WISH,
                answers=INVITATION,
                status=201,
                refuses=MappingProxyType(
                    {
                        404: "The clinic has no such role, place or receptionist.",
                        409: "The address is a member’s, or is invited.",  # noqa: RUF001
                        422: _OWNER_LIMITED,
                    }
                ),
            )
        }
    )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return a page of invitations."""
        page = Pages(*self.orderings).answer(
            request,
            list_invitations(actor=actor),
            lambda one: invitation_json(one, now=self.now),
        )
        note_invitations_read(actor, count=len(page["results"]))
        return page

    def watching(self, actor: Actor, **ids: UUID) -> AbstractContextManager[None]:
        """Note who invites to a role that is not theirs to give."""
        return refusals_noted(actor, subject_kind="invitation", subject_id=None)

    def write(self, actor: Actor, body: Json, **ids: UUID) -> Any:
        """Invite the person."""
        made = invite_person(
            actor=actor,
            email=read_address(body["email"]),
            role=body["role"],
            days=body.get("days", DAYS),
            now=self.now,
            to=get_named(body["limited_to"]) if "limited_to" in body else None,
        )
        return invitation_json(made, now=self.now)


class InvitationView(ClinicView):
    """``DELETE /api/v1/invitations/<id>/``."""

    permission = Permission.MEMBERS_MANAGE
    writes = MappingProxyType(
        {
            "delete": Write(
                name="InvitationWithdraw",
                summary="Take an invitation back; its link is dead",
                permission=Permission.MEMBERS_MANAGE,
                refuses=MappingProxyType({409: "It was used or taken back."}),
            )
        }
    )

    def watching(self, actor: Actor, **ids: UUID) -> AbstractContextManager[None]:
        """Note who takes back what is not theirs to give."""
        return refusals_noted(
            actor, subject_kind="invitation", subject_id=ids["invitation_id"]
        )

    def write(self, actor: Actor, body: Json, **ids: UUID) -> Any:
        """Take it back."""
        withdraw_invitation(
            actor=actor, invitation_id=ids["invitation_id"], now=self.now
        )


def read_address(text: str) -> str:
    """Return the address as the pages keep it.

    Raises:
        ValidationError: If it is none.
    """
    try:
        return str(AddressField().clean(text))
    except WrongAddressError:
        raise ValidationError({"email": ["must be an e-mail address"]}) from None


def note_invitations_read(actor: Actor, *, count: int) -> None:
    """Record that addresses of people who are invited were given out."""
    audit.record(
        audit.Entry(
            action="accounts.invitations.read",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="invitation",
            subject_id=None,
            fields=("email",),
            facts={"count": count},
        )
    )


def invitation_json(row: Invitation, *, now: datetime) -> Json:
    """Return the invitation as JSON; nothing of its link is known."""
    return {
        "id": row.id,
        "email": row.email,
        "role": row.role,
        "custom_role": row.custom_role_id,
        "limited_to": row.limited_to,
        "invited_by": row.invited_by_id,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "is_open": row.is_open(now=now),
    }
