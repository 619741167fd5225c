"""The only door from an id or a filter to calls."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.errors import CallNotFoundError
from telephony.models import Call
from telephony.selectors.limits import within_limits


def list_calls(
    *, actor: Actor, since: datetime | None = None, until: datetime | None = None
) -> QuerySet[Call]:
    """Return the clinic's calls that began in [since, until), newest first.

    Raises:
        PermissionMissingError: If the actor may not see calls.
    """
    actor.require(Permission.CALLS_VIEW)
    calls = Call.objects.select_related("agent_version__agent").filter(
        within_limits(actor)
    )
    if since is not None:
        calls = calls.filter(started_at__gte=since)
    if until is not None:
        calls = calls.filter(started_at__lt=until)
    return calls.order_by("-started_at", "-id")


def get_call(*, actor: Actor, call_id: UUID) -> Call:
    """Return one call of the clinic.

    Raises:
        CallNotFoundError: If there is none, it is another clinic's, or it lies beyond
            the actor's limits.
        PermissionMissingError: If it is theirs but the actor may not see calls.
    """
    call = (
        Call.objects.select_related("agent_version__agent", "number", "attended_by")
        .filter(within_limits(actor), pk=call_id)
        .first()
    )
    if call is None:
        raise CallNotFoundError
    actor.require(Permission.CALLS_VIEW)
    return call


def get_emergency_for_update(*, actor: Actor, call_id: UUID) -> Call:
    """Return one emergency of the clinic, locked until the transaction ends.

    Raises:
        CallNotFoundError: If there is none, it was no emergency, it is another
            clinic's, or it lies beyond the actor's limits.
        PermissionMissingError: If the actor may not handle messages.
    """
    call = (
        Call.objects.select_for_update(of=("self",))
        .filter(within_limits(actor), pk=call_id, outcome=Call.Outcome.EMERGENCY)
        .first()
    )
    if call is None:
        raise CallNotFoundError
    actor.require(Permission.MESSAGES_HANDLE)
    return call


def is_attended(*, actor: Actor, call_id: UUID) -> bool:
    """Return whether it is an emergency within the actor's sight that waits no longer.

    Raises:
        PermissionMissingError: If the actor may not see calls.
    """
    emergencies = list_calls(actor=actor).filter(outcome=Call.Outcome.EMERGENCY)
    return emergencies.filter(pk=call_id, attended_at__isnull=False).exists()


def count_new_messages(*, actor: Actor) -> int:
    """Return how many messages of all calls wait for a person.

    Asked of the calls, since every page shows it and messages build upon calls.

    Raises:
        PermissionMissingError: If the actor may not see messages.
    """
    actor.require(Permission.MESSAGES_VIEW)
    # One row a message, not a call: the join is what is counted.
    waiting = Q(messages__status="new", messages__deleted_at=None)
    return Call.objects.filter(within_limits(actor), waiting).count()


def count_live_calls(*, actor: Actor) -> int:
    """Return how many calls are ringing or being answered now."""
    actor.require(Permission.CALLS_VIEW)
    open_states = (Call.Status.RINGING, Call.Status.LIVE)
    return Call.objects.filter(within_limits(actor), status__in=open_states).count()
