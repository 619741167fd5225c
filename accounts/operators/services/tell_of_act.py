"""Letters about what two operators did."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.entitlements import Plan
from accounts.letters import send_letter
from accounts.models import AgencyMembership, Membership, User
from accounts.operators.models import OperatorAct
from accounts.permissions import Role
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit


def tell_owners(act: OperatorAct) -> None:
    """Ask for a letter to each owner of each clinic that is concerned.

    Of a new owner administrators are told too: before them there was nobody above. So
    is an owner whose account operators have closed.
    """
    for organization_id in act.told:
        with tenancy.scope(organization_id):
            for user_id in _readers(act).values_list("user_id", flat=True):
                after_commit(
                    "accounts.tell_owner_of_act",
                    organization_id=organization_id,
                    ids={"act_id": act.pk, "user_id": user_id},
                )


def tell_owner_of_act(*, organization_id: UUID, act_id: UUID, user_id: UUID) -> None:
    """Write to one of them what was done, why, and by which two.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with tenancy.scope(organization_id):
        act = OperatorAct.objects.get(pk=act_id)
        readers = _readers(act).select_related("user", "organization")
        reader = readers.filter(user_id=user_id).first()
        if reader is None:
            return
        # An agency's administrator is no member: they have no name here.
        people = Membership.objects.select_related("user")
        member = people.filter(user_id=act.user_id).first() if act.user_id else None
    send_letter(
        "operator_act",
        to=reader.user.email,
        clinic=reader.organization.name,
        act=act,
        plan=Plan(act.plan).value.capitalize() if act.plan else "",
        person=(member.user.full_name or member.user.email) if member else "",
        is_new_owner=act.kind == OperatorAct.Kind.OWNER_APPOINT,
        zone=reader.organization.timezone,
    )


def _readers(act: OperatorAct) -> QuerySet[Membership]:
    """Return who of the open clinic is written to."""
    present = Membership.objects.filter(ended_at=None)
    if act.kind != OperatorAct.Kind.OWNER_APPOINT:
        return present.filter(role=Role.OWNER)
    administrators = Q(role=Role.ADMINISTRATOR, is_limited=False, user__is_active=True)
    return present.filter(Q(role=Role.OWNER) | administrators)


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
