"""Questions about members of the open organization."""

from accounts.actors import Actor
from accounts.errors import OrganizationNotFoundError
from accounts.models import Membership, User
from accounts.permissions import ROLE_GRANTS, Role


def find_actor(*, user: User) -> Actor:
    """Return the person as an actor in the open scope.

    Raises:
        OrganizationNotFoundError: If the person is no member here.
    """
    membership = Membership.objects.filter(user=user).first()
    if membership is None:
        raise OrganizationNotFoundError
    return Actor(
        kind="user",
        id=user.pk,
        organization_id=membership.organization_id,
        permissions=ROLE_GRANTS[Role(membership.role)],
    )
