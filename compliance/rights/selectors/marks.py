"""What must be minded about a number, by its blind index, in the open scope."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.rights.errors import MarkNotFoundError, RestrictedError
from compliance.rights.models import CallerMark

Index = bytes | memoryview


def is_restricted(caller_index: Index) -> bool:
    """Return whether what is kept of this number may not be used."""
    return _is_marked(CallerMark.Kind.RESTRICTED, caller_index)


def list_restricted() -> frozenset[bytes]:
    """Return the numbers of which nothing that is kept may be used."""
    rows = _standing(CallerMark.Kind.RESTRICTED)
    return frozenset(bytes(one) for one in rows.values_list("caller_index", flat=True))


def has_objected(caller_index: Index) -> bool:
    """Return whether calls of this number may not be recorded."""
    return _is_marked(CallerMark.Kind.OBJECTED, caller_index)


def require_unrestricted(caller_index: Index) -> None:
    """Let somebody use what is kept of a number, or refuse.

    Raises:
        RestrictedError: If the caller asked that it is not used.
    """
    if is_restricted(caller_index):
        raise RestrictedError


def list_marks(*, actor: Actor) -> QuerySet[CallerMark]:
    """Return the standing marks, the oldest first.

    Raises:
        PermissionMissingError: If the actor may not see requests.
    """
    actor.require(Permission.RIGHTS_VIEW)
    return CallerMark.objects.filter(lifted_at=None).order_by("placed_at", "id")


def get_mark(*, actor: Actor, mark_id: UUID) -> CallerMark:
    """Return one standing mark.

    Raises:
        MarkNotFoundError: If there is none.
        PermissionMissingError: If the actor may not see requests.
    """
    mark = CallerMark.objects.filter(pk=mark_id, lifted_at=None).first()
    if mark is None:
        raise MarkNotFoundError
    actor.require(Permission.RIGHTS_VIEW)
    return mark


def _is_marked(kind: CallerMark.Kind, caller_index: Index) -> bool:
    # Erased calls have no bytes there, and so have lifted marks.
    rows = _standing(kind).filter(caller_index=bytes(caller_index))
    return bool(caller_index) and rows.exists()


def _standing(kind: CallerMark.Kind) -> QuerySet[CallerMark]:
    return CallerMark.objects.filter(kind=kind, lifted_at=None)
