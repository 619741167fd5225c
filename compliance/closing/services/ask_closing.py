"""Ask that a clinic's account be closed, and keep it after all.

Next: `compliance.closing.services.advance`.
"""

from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from accounts.models import Organization
from accounts.permissions import Permission, Role
from accounts.second_factor.freshness import require_fresh_factor
from compliance.closing.closing_dates import closing_dates
from compliance.closing.errors import (
    ClosingAskedError,
    ClosingNotYoursError,
    GraceOverError,
    NameNotTypedError,
)
from compliance.closing.models import Closing, ClosingLetter
from compliance.closing.selectors.standing import find_standing
from compliance.closing.services.letters import ask_letters
from sondervoice.kernel import audit


@transaction.atomic
def ask_closing(
    *, actor: Actor, typed_name: str, stops_at_once: bool, now: datetime
) -> Closing:
    """Begin the grace of the open clinic's account; owners and an agency are told.

    Args:
        typed_name: The clinic's name, as somebody typed it who means it.
        stops_at_once: No call is answered from now on; else until the grace ends.

    Raises:
        PermissionMissingError: If the actor may not close it.
        ClosingNotYoursError: If they are no owner.
        SecondFactorStaleError: If it was not shown in the last five minutes.
        NameNotTypedError: If it is another name.
        ClosingAskedError: If it is being closed already.
    """
    _require_owner(actor)
    require_fresh_factor(actor, now=now)
    clinic = Organization.objects.select_for_update(no_key=True).get(
        pk=actor.organization_id
    )
    if typed_name.strip().casefold() != clinic.name.strip().casefold():
        raise NameNotTypedError
    if find_standing() is not None:
        raise ClosingAskedError
    dates = closing_dates(
        now, stops_at_once=stops_at_once, record_keep_days=settings.RECORD_KEEP_DAYS
    )
    closing = Closing.objects.create(
        organization=clinic, asked_by=actor.id, **asdict(dates)
    )
    facts: dict[str, audit.Fact] = {"stops_at_once": stops_at_once}
    _record("compliance.closing.asked", closing, actor, facts)
    ask_letters(closing, ClosingLetter.Kind.ASKED)
    return closing


@transaction.atomic
def keep_account(*, actor: Actor, now: datetime) -> None:
    """Undo the closing of the open clinic's account: all goes on as before.

    Raises:
        PermissionMissingError: If the actor may not close it.
        ClosingNotYoursError: If they are no owner.
        GraceOverError: If it is not being closed, or the grace is over.
    """
    _require_owner(actor)
    standing = Closing.objects.select_for_update().filter(undone_at=None).first()
    in_grace = standing is not None and standing.step == Closing.Step.GRACE
    if standing is None or not in_grace or now >= standing.grace_ends_at:
        raise GraceOverError
    standing.step = Closing.Step.UNDONE
    standing.undone_at, standing.undone_by = now, actor.id
    standing.save(update_fields=["step", "undone_at", "undone_by"])
    _record("compliance.closing.undone", standing, actor, {})


def _require_owner(actor: Actor) -> None:
    actor.require(Permission.CLINIC_CLOSE)
    if actor.role != Role.OWNER:
        raise ClosingNotYoursError


def _record(
    action: str, closing: Closing, actor: Actor, facts: dict[str, audit.Fact]
) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=closing.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="closing",
            subject_id=closing.id,
            facts=facts,
        )
    )
