"""Which rows of the record a member with limits may see: a port.

The record stands below calls and does not know what one is; telephony says which calls,
messages and appointments are within somebody's limits.
"""

from collections.abc import Callable, Mapping
from typing import Final

from django.db.models import Model, Q, QuerySet

from accounts.actors import Actor

# By the word that rows name their subject with: what the actor may see of that kind.
WithinLimits = Callable[[Actor], Mapping[str, QuerySet[Model]]]

_OF_CALLS: Final = ("call", "message", "appointment")
# Tell of calls that are not seen, by id or by number; their pages are not seen either.
_OF_THE_WHOLE_CLINIC: Final = (
    "caller_mark",
    "deletion_certificate",
    "erasure_leg",
    "legal_hold",
    "retention_run",
    "rights_request",
    "security_alert",
)
_installed: list[WithinLimits] = []


def install_within_limits(within: WithinLimits) -> None:
    """Let this one say what is within somebody's limits."""
    _installed[:] = [within]


def rows_in_sight(actor: Actor) -> Q:
    """Return the condition on rows of the record that the actor may see."""
    if actor.limits is None:
        return Q()
    seen = ~Q(subject_kind__in=(*_OF_CALLS, *_OF_THE_WHOLE_CLINIC))
    for within in _installed:
        for kind, things in within(actor).items():
            seen |= Q(subject_kind=kind, subject_id__in=things.values("pk"))
    return seen
