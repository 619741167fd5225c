"""Letters about a change of what guards a member, to who should hear of it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.letters import send_letter
from accounts.models import Membership
from accounts.selectors.owners import find_address, list_owner_ids
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit


def tell_of_limits(
    *, actor: Actor, member: Membership, with_owners: bool = True
) -> None:
    """Ask for a letter to the member, and to each owner but the actor."""
    owners = _owners(actor, member) if with_owners else set()
    _ask("accounts.tell_of_limits", member, {*owners, member.user_id})


def tell_owners_of_reset(*, actor: Actor, member: Membership) -> None:
    """Ask for a letter to each owner but the actor; the member gets another one."""
    _ask("accounts.tell_owner_of_reset", member, _owners(actor, member))


def _owners(actor: Actor, member: Membership) -> set[UUID]:
    return set(list_owner_ids()) - {actor.id, member.user_id}


def _ask(job: str, member: Membership, readers: Iterable[UUID]) -> None:
    for user_id in readers:
        after_commit(
            job,
            organization_id=member.organization_id,
            ids={"membership_id": member.pk, "user_id": user_id},
        )


def write_of_member(
    letter: str, *, organization_id: UUID, membership_id: UUID, user_id: UUID
) -> None:
    """Write to one who is an owner still, or whom it is about.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with tenancy.scope(organization_id):
        member = Membership.objects.select_related("user", "organization").get(
            pk=membership_id
        )
        is_own = member.user_id == user_id
        to = _own_address(member) if is_own else find_address(owner_id=user_id)
        words: dict[str, Any] = {
            "clinic": member.organization.name,
            "person": member.user.full_name or member.user.email,
            "is_limited": member.is_limited,
            "by_directory": member.limits_by_directory,
            "is_own": is_own,
        }
    if to is not None:
        send_letter(letter, to=to, **words)


def _own_address(member: Membership) -> str | None:
    is_here = member.ended_at is None and member.user.is_active
    return member.user.email if is_here else None
