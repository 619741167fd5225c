"""Let one owner take all of a clinic's data along: a link for a quarter of an hour."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import transaction

from accounts.actors import Actor
from accounts.models import Organization
from accounts.permissions import Permission
from accounts.second_factor.freshness import require_fresh_factor
from compliance.closing.selectors.standing import find_standing
from compliance.rights.errors import ExportRefusedError, SoundStaysError
from compliance.rights.package.business import Counts, write_business_data
from compliance.rights.package.mark import Mark, find_mark
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.personal_data import Everything
from sondervoice.kernel.subject_data import subject_holders

GRANT_S: Final = 900
_SALT: Final = "compliance.business_data"


def may_take_sound(organization_id: UUID) -> bool:
    """Return whether recordings may be in the archive.

    In HIPAA mode they are played, with a row each time, and not downloaded: a file of
    sound carries no mark that stays. A clinic that is closing its account may take
    them all the same, since what is kept for it is to be given back.
    """
    clinic = Organization.objects.get(pk=organization_id)
    return not clinic.hipaa_mode or find_standing() is not None


@transaction.atomic
def grant_export(*, actor: Actor, now: datetime) -> str:
    """Return a grant for this person and clinic, good for `GRANT_S` seconds.

    Raises:
        PermissionMissingError: If the actor may not take the data along.
        SecondFactorStaleError: If it was not shown in the last five minutes.
    """
    actor.require(Permission.DATA_EXPORT)
    require_fresh_factor(actor, now=now)
    _record("compliance.business_data.granted", actor, {"seconds": GRANT_S})
    return signing.TimestampSigner(salt=_SALT).sign(_words(actor))


def export_data(
    *, actor: Actor, grant: str, with_sound: bool, now: datetime
) -> Iterator[bytes]:
    """Yield the archive for whom the grant is.

    The record has a row with how many rows go before the first byte does, so that
    whoever reads slowly, or stops us, is told of all the same; at the end it gets
    another with how many went. Call it in the clinic's scope.

    Raises:
        ExportRefusedError: If the grant is missing, changed, too old, or another's.
        PermissionMissingError: If the actor may not take the data along.
        SoundStaysError: If sound is asked for that is only to be played.
    """
    actor.require(Permission.DATA_EXPORT)
    try:
        signer = signing.TimestampSigner(salt=_SALT)
        words = signer.unsign(grant, max_age=GRANT_S)
    except signing.BadSignature:
        raise ExportRefusedError from None
    if words != _words(actor):
        raise ExportRefusedError
    if with_sound and not may_take_sound(actor.organization_id):
        raise SoundStaysError
    mark = find_mark(actor.organization_id, actor, now=now)
    count = sum(one.count(Everything()) for one in subject_holders())
    facts: dict[str, audit.Fact] = {"count": count, "with_sound": with_sound}
    _record("compliance.business_data.exported", actor, facts)
    return _export(actor, with_sound=with_sound, mark=mark, now=now)


def _export(
    actor: Actor, *, with_sound: bool, mark: Mark | None, now: datetime
) -> Iterator[bytes]:
    """Yield the archive; who breaks it off has taken along what was sent."""
    counts, is_whole = Counts(), False
    try:
        yield from write_business_data(
            actor.organization_id,
            counts=counts,
            with_sound=with_sound,
            mark=mark,
            now=now,
        )
        is_whole = True
    finally:
        with tenancy.scope(actor.organization_id):
            facts: dict[str, audit.Fact] = {
                "count": counts.total,
                "is_whole": is_whole,
            }
            _record("compliance.business_data.sent", actor, facts)


def _record(action: str, actor: Actor, facts: dict[str, audit.Fact]) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="organization",
            subject_id=actor.organization_id,
            facts=facts,
        )
    )


def _words(actor: Actor) -> str:
    return f"{actor.organization_id}.{actor.id}"
