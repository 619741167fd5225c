"""Let an invited person in: one who is known, or one who is new."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction

from accounts.actors import Actor
from accounts.joining.errors import LinkDeadError
from accounts.joining.models import Invitation
from accounts.joining.selectors.invitations import OpenInvitation
from accounts.limit_choices import find_named
from accounts.machines.services.settle_keys import settle_keys
from accounts.models import Membership, User
from accounts.services.create_user import create_verified_user
from accounts.services.limit_member import name_what_they_see
from sondervoice.kernel import audit, tenancy


@transaction.atomic
def join_as_new(
    *, invitation: OpenInvitation, full_name: str, hashed_password: str, now: datetime
) -> User:
    """Make the invited person, whose address the link has proved, and let them in.

    Raises:
        LinkDeadError: If the address has an account by now.
    """
    if invitation.person is not None:
        raise LinkDeadError
    user = create_verified_user(
        email=invitation.row.email,
        full_name=full_name,
        hashed_password=hashed_password,
        now=now,
    )
    if user is None:
        raise LinkDeadError
    _let_in(invitation, user, now, is_new=True)
    return user


@transaction.atomic
def join_as_known(
    *, invitation: OpenInvitation, user: User, now: datetime
) -> Membership:
    """Let in the person who is signed in and whose address is invited.

    Raises:
        LinkDeadError: If they are somebody else.
    """
    if invitation.person is None or invitation.person.pk != user.pk:
        raise LinkDeadError
    # The letter reached them, so the address is theirs.
    User.objects.filter(pk=user.pk, email_verified_at=None).update(
        email_verified_at=now
    )
    return _let_in(invitation, user, now, is_new=False)


def _let_in(
    invitation: OpenInvitation, user: User, now: datetime, *, is_new: bool
) -> Membership:
    row = invitation.row
    with tenancy.scope(row.organization_id):
        # Who was here before has a row, which begins anew.
        member, _ = Membership.objects.update_or_create(
            organization_id=row.organization_id,
            user=user,
            defaults={
                "role": row.role,
                "custom_role_id": row.custom_role_id,
                "ended_at": None,
            },
            create_defaults={
                "role": row.role,
                "custom_role_id": row.custom_role_id,
                "created_at": now,
            },
        )
        seen = _seen_by(row)
        name_what_they_see(member, seen)
        _settle_keys(member, now)
        row.used_at = now
        # A role that nobody has or is invited to can be retired.
        row.custom_role = None
        row.save(update_fields=["used_at", "custom_role"])
        _record(row, member, {"is_new": is_new, "grants": len(seen or ())})
    return member


def _record(
    row: Invitation, member: Membership, facts: Mapping[str, audit.Fact]
) -> None:
    became: dict[str, audit.Fact] = {
        "membership_id": member.pk,
        "is_limited": member.is_limited,
    }
    audit.record(
        audit.Entry(
            action="accounts.invitation.accepted",
            organization_id=row.organization_id,
            actor_kind="user",
            actor_id=member.user_id,
            subject_kind="invitation",
            subject_id=row.pk,
            facts={**became, **facts},
        )
    )


def _seen_by(row: Invitation) -> list[models.Model] | None:
    """Return whose calls the person sees: what was chosen and is there; None for all.

    Where nothing of it is left they see none, until somebody names more.
    """
    return None if row.limited_to is None else find_named(row.limited_to)


def _settle_keys(member: Membership, now: datetime) -> None:
    """End what they may not answer for now: an agency's administrator could do more."""
    nobody = Actor(
        kind="user",
        id=member.user_id,
        organization_id=member.organization_id,
        permissions=frozenset(),
    )
    settle_keys(actor=nobody, user_id=member.user_id, now=now)
