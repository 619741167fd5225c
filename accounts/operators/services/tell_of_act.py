"""Letters about what two operators did."""

from collections.abc import Iterable
from uuid import UUID

from accounts.entitlements import Plan
from accounts.letters import send_letter
from accounts.models import AgencyMembership, Membership, User
from accounts.operators.models import OperatorAct
from accounts.permissions import Role
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit


def tell_owners(act: OperatorAct) -> None:
    """Ask for a letter to each owner of each clinic that is concerned."""
    for organization_id in act.told:
        with tenancy.scope(organization_id):
            owners = Membership.objects.filter(role=Role.OWNER, ended_at=None)
            for user_id in owners.values_list("user_id", flat=True):
                after_commit(
                    "accounts.tell_owner_of_act",
                    organization_id=organization_id,
                    ids={"act_id": act.pk, "user_id": user_id},
                )


def tell_owner_of_act(*, organization_id: UUID, act_id: UUID, user_id: UUID) -> None:
    """Write to one owner what was done, why, and by which two.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with tenancy.scope(organization_id):
        people = Membership.objects.select_related("user", "organization")
        owner = people.filter(user_id=user_id, role=Role.OWNER, ended_at=None).first()
        if owner is None:
            return
        act = OperatorAct.objects.get(pk=act_id)
        # An agency's administrator is no member: they have no name here.
        member = people.filter(user_id=act.user_id).first() if act.user_id else None
    send_letter(
        "operator_act",
        to=owner.user.email,
        clinic=owner.organization.name,
        act=act,
        plan=Plan(act.plan).value.capitalize() if act.plan else "",
        person=(member.user.full_name or member.user.email) if member else "",
        zone=owner.organization.timezone,
    )


def tell_agency(act: OperatorAct, people: Iterable[UUID]) -> None:
    """Ask for a letter to each of these administrators, and to whom it is about."""
    told = {*people, *([act.user_id] if act.user_id else [])}
    for user_id in told:
        after_commit(
            "accounts.tell_agency_of_act",
            organization_id=None,
            ids={"act_id": act.pk, "user_id": user_id},
        )


def tell_agency_of_act(*, act_id: UUID, user_id: UUID) -> None:
    """Write to one administrator of an agency who is one too now, or no longer.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with signing_in():
        act = OperatorAct.objects.select_related("agency", "user").get(pk=act_id)
        reader = User.objects.filter(pk=user_id, is_active=True).first()
        own = AgencyMembership.objects.filter(agency=act.agency, user_id=user_id)
        is_theirs = user_id == act.user_id or own.exists()
    if reader is None or act.agency is None or act.user is None or not is_theirs:
        return
    send_letter(
        "agency_act",
        to=reader.email,
        agency=act.agency.name,
        act=act,
        person=act.user.full_name or act.user.email,
        is_gone=act.kind == OperatorAct.Kind.AGENCY_LEAVE,
    )
