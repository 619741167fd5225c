"""What the record says of requests: ids, words of our lists, counts; no value."""

from enum import Enum
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from compliance.rights.models import CallerMark, RightsRequest
from compliance.rights.saga import Checkpoint
from sondervoice.kernel import audit
from sondervoice.kernel.rights import RightsKind

Facts = dict[str, audit.Fact]


class Way(Enum):
    """Who took a package along."""

    PERSON = "person"
    STAFF = "staff"


def received(request: RightsRequest, actor: Actor | None) -> None:
    """Record that a request came, by staff or from the door."""
    facts: Facts = {"source": RightsRequest.Source(request.source)}
    _of_request("compliance.rights_request.received", request, actor, facts)


def moved(request: RightsRequest, actor: Actor | None) -> None:
    """Record that it came to a checkpoint."""
    facts: Facts = {"checkpoint": Checkpoint(request.checkpoint)}
    _of_request("compliance.rights_request.moved", request, actor, facts)


def extended(request: RightsRequest, actor: Actor, days: int) -> None:
    """Record that the answer was put off by so many days."""
    _of_request("compliance.rights_request.extended", request, actor, {"days": days})


def reminded(request: RightsRequest, days: int) -> None:
    """Record that whoever decides was reminded so many days before."""
    _of_request("compliance.rights_request.reminded", request, None, {"days": days})


def escalated(request: RightsRequest) -> None:
    """Record that the day has come and nobody decided."""
    _of_request("compliance.rights_request.escalated", request, None, {})


def stuck(request: RightsRequest) -> None:
    """Record that a step takes more than a day."""
    facts: Facts = {"checkpoint": Checkpoint(request.checkpoint)}
    _of_request("compliance.rights_request.stuck", request, None, facts)


def ended(request: RightsRequest) -> None:
    """Record that it ended with the clinic's account."""
    _of_request("compliance.rights_request.ended", request, None, {})


def forgotten(request: RightsRequest) -> None:
    """Record that the request no longer knows who asked."""
    _of_request("compliance.rights_request.forgotten", request, None, {})


def words_forgotten(request: RightsRequest) -> None:
    """Record that the clinic's words of its refusal were emptied."""
    _of_request("compliance.rights_request.words_forgotten", request, None, {})


def names_read(request: RightsRequest, actor: Actor, count: int) -> None:
    """Record that somebody saw the names to be corrected."""
    _of_request("compliance.rights_names.read", request, actor, {"count": count})


def name_corrected(request: RightsRequest, actor: Actor, item_id: UUID) -> None:
    """Record that a name was corrected."""
    facts: Facts = {"item": item_id}
    _of_request("compliance.rights_name.corrected", request, actor, facts)


def person_read(request: RightsRequest, actor: Actor) -> None:
    """Record that somebody saw who asks."""
    _of_request("compliance.rights_request.read", request, actor, {})


def package_exported(
    request: RightsRequest, actor: Actor | None, *, count: int
) -> None:
    """Record that a package with so many things was taken along."""
    way = Way.STAFF if actor else Way.PERSON
    facts: Facts = {"count": count, "by": way}
    _of_request("compliance.rights_package.exported", request, actor, facts)


def mark_placed(mark: CallerMark) -> None:
    """Record that a mark was placed on a number."""
    _of_mark("compliance.caller_mark.placed", mark, None)


def mark_lifted(mark: CallerMark, actor: Actor) -> None:
    """Record that a mark was lifted."""
    _of_mark("compliance.caller_mark.lifted", mark, actor)


def mark_forgotten(mark: CallerMark) -> None:
    """Record that the reason why a mark was lifted was emptied."""
    _of_mark("compliance.caller_mark.forgotten", mark, None)


def _of_request(
    action: str, request: RightsRequest, actor: Actor | None, facts: Facts
) -> None:
    kind: Facts = {"kind": RightsKind(request.kind)}
    audit.record(
        audit.Entry(
            action=action,
            organization_id=request.organization_id,
            subject_kind="rights_request",
            subject_id=request.id,
            facts=kind | facts,
            **_by(actor),
        )
    )


def _of_mark(action: str, mark: CallerMark, actor: Actor | None) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=mark.organization_id,
            subject_kind="caller_mark",
            subject_id=mark.id,
            facts={"kind": CallerMark.Kind(mark.kind)},
            **_by(actor),
        )
    )


def _by(actor: Actor | None) -> dict[str, Any]:
    if actor is None:
        return {"actor_kind": "system", "actor_id": None}
    return {"actor_kind": actor.kind, "actor_id": actor.id}
