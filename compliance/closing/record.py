"""Writes down what became of a closing."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from accounts.actors import Actor
from compliance.closing.models import Closing
from sondervoice.kernel import audit

_NOTHING: Final[Mapping[str, audit.Fact]] = MappingProxyType({})


def note(
    action: str,
    closing: Closing,
    *,
    actor: Actor | None = None,
    facts: Mapping[str, audit.Fact] = _NOTHING,
) -> None:
    """Record that this happened to the closing, by the clock unless somebody acts."""
    audit.record(
        audit.Entry(
            action=action,
            organization_id=closing.organization_id,
            actor_kind=actor.kind if actor else "system",
            actor_id=actor.id if actor else None,
            subject_kind="closing",
            subject_id=closing.id,
            facts=facts,
        )
    )
