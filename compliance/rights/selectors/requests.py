"""The only door from an id to a request."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.rights.errors import RequestNotFoundError
from compliance.rights.models import RightsRequest


def get_request(*, actor: Actor, request_id: UUID) -> RightsRequest:
    """Return one request of the clinic.

    Raises:
        RequestNotFoundError: If there is none.
        PermissionMissingError: If the actor may not see requests.
    """
    request = RightsRequest.objects.filter(pk=request_id).first()
    if request is None:
        raise RequestNotFoundError
    actor.require(Permission.RIGHTS_VIEW)
    return request


def get_request_for_update(*, request_id: UUID) -> RightsRequest:
    """Return one request of the open scope, locked until the transaction ends.

    Raises:
        RequestNotFoundError: If there is none.
    """
    locked = RightsRequest.objects.select_for_update(no_key=True)
    request = locked.filter(pk=request_id).first()
    if request is None:
        raise RequestNotFoundError
    return request


def list_open(*, actor: Actor) -> QuerySet[RightsRequest]:
    """Return what is not concluded, what is due first in front.

    Raises:
        PermissionMissingError: If the actor may not see requests.
    """
    actor.require(Permission.RIGHTS_VIEW)
    return RightsRequest.objects.filter(concluded_at=None).order_by("due_on", "id")


def list_concluded(*, actor: Actor) -> QuerySet[RightsRequest]:
    """Return what is concluded, the newest first.

    Raises:
        PermissionMissingError: If the actor may not see requests.
    """
    actor.require(Permission.RIGHTS_VIEW)
    done = RightsRequest.objects.filter(concluded_at__isnull=False)
    return done.order_by("-concluded_at", "-id")


def count_undecided() -> int:
    """Return how many requests of the open scope wait for a decision."""
    return RightsRequest.objects.filter(decided_at=None, concluded_at=None).count()
