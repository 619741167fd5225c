"""The register of processing, as one clinic reads it; in its open scope."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.ledger.models import AuditLog
from compliance.purposes.words import BASES, WHOSE, WHY
from compliance.retention.rules import KeepDays
from compliance.retention.selectors.keep_days import get_keep_days
from sondervoice.kernel.jobs import sendings
from sondervoice.kernel.personal_data import holders
from sondervoice.kernel.purposes import OUR_OWN, Shown, Subject, Use, held
from sondervoice.kernel.recipients import Recipient, recipients

UNREAD_FOR: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One group of data.

    Attributes:
        fields: Their names in the database, for who knows it.
        is_our_own: The purpose is ours, not the clinic's.
        sent_to: Who else gets it in this installation.
    """

    what: str
    of: Subject
    whose: str
    why: str
    is_our_own: bool
    basis: str
    kept: str
    sent_to: list[str]
    fields: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody beside us who gets data, and for what."""

    about: Recipient
    why: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What is held, why, and who else gets it.

    Attributes:
        unread: Of what people can see, what nobody looked at in 90 days.
        unseen: Fields of callers that no page shows: the software alone reads them.
        own_purposes: Lines of callers' data with a purpose of our own; none.
    """

    lines: list[Line]
    receivers: list[Receiver]
    unread: list[str]
    unseen: list[str]
    own_purposes: int


def read_register(*, actor: Actor, now: datetime) -> Register:
    """Return the register with the clinic's own days.

    Raises:
        PermissionMissingError: If the actor may not see how long data is kept.
    """
    actor.require(Permission.RETENTION_VIEW)
    used = [one for one in recipients() if one.is_used()]
    lines = list(_lines(used))
    callers = [one for one in lines if one.of is Subject.CALLERS]
    return Register(
        lines=lines,
        receivers=[Receiver(about=one, why=_purposes(one)) for one in used],
        unread=_unread(now),
        unseen=sorted({one for line in callers for one in line.fields} - _shown()),
        own_purposes=sum(one.is_our_own for one in callers),
    )


def _lines(used: list[Recipient]) -> Iterator[Line]:
    """Yield callers' data first; what is our own people's concerns no clinic."""
    titles = {one.name: one.title for one in used}
    groups = _groups(get_keep_days())
    for subject in (Subject.CALLERS, Subject.STAFF):
        for use, kept, fields in groups:
            if use.of is subject:
                yield Line(
                    what=use.title,
                    of=use.of,
                    whose=WHOSE[use.of],
                    why=WHY[use.purpose],
                    is_our_own=use.purpose in OUR_OWN,
                    basis=BASES[use.basis],
                    kept=kept,
                    sent_to=[titles[to] for to in use.sent_to if to in titles],
                    fields=sorted(fields),
                )


def _groups(days: KeepDays) -> list[tuple[Use, str, frozenset[str]]]:
    """Return each use once, how long, and its fields."""
    by_clinic = [
        (one.use, one.use.kept or f"{days.of(one.data_class)} days", one.columns)
        for one in holders()
        if one.columns
    ]
    return by_clinic + [(one.use, one.use.kept, one.columns) for one in held()]


def _purposes(recipient: Recipient) -> list[str]:
    """Return what clinics' data are sent there for, as the jobs say."""
    found = {
        one.purpose
        for one in sendings().values()
        if one and recipient.name in one.to and one.of is not Subject.OPERATORS
    }
    return [words for purpose, words in WHY.items() if purpose in found]


def _all_shown() -> list[Shown]:
    return [shown for one in holders() if one.columns for shown in one.use.shown]


def _shown() -> set[str]:
    return {one.column for one in _all_shown()}


def _unread(now: datetime) -> list[str]:
    """Return what no row of the record is a look at, in words."""
    looks = {look for one in _all_shown() for look in one.seen_by}
    rows = AuditLog.objects.filter(at__gte=now - UNREAD_FOR, action__in=looks)
    done = set(rows.values_list("action", flat=True).distinct())
    return [one.words for one in _all_shown() if not one.seen_by & done]
