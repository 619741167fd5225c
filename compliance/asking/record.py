"""The lines of the record about askings; in no clinic, since they are none's."""

from enum import StrEnum
from uuid import UUID

from compliance.asking.links import LinkFault
from sondervoice.kernel import audit
from sondervoice.kernel.audit import Fact
from sondervoice.kernel.rights import RightsKind


class Channel(StrEnum):
    """By what a person has shown who they are."""

    EMAIL = "email"
    PHONE = "phone"


def opened(asking_id: UUID, kind: RightsKind, *, by_mail: bool, by_phone: bool) -> None:
    """Write that somebody asked; nothing is proven yet."""
    _write(
        "compliance.asking.opened",
        asking_id,
        kind=kind,
        by_mail=by_mail,
        by_phone=by_phone,
    )


def proven(asking_id: UUID, channel: Channel) -> None:
    """Write that the mailbox or the telephone is the person's."""
    _write("compliance.asking.proven", asking_id, channel=channel)


def link_refused(asking_id: UUID | None, fault: LinkFault) -> None:
    """Write that a link opened nothing, and why."""
    _write("compliance.asking.link_refused", asking_id, fault=fault)


def code_refused(asking_id: UUID) -> None:
    """Write that a code was wrong, used or too old."""
    _write("compliance.asking.code_refused", asking_id)


def code_asked(asking_id: UUID) -> None:
    """Write that a code was asked for, to look at the answers."""
    _write("compliance.asking.code_asked", asking_id)


def settled(asking_id: UUID, *, clinics: int, known: int) -> None:
    """Write that each clinic has said whether it knows the person."""
    _write("compliance.asking.settled", asking_id, clinics=clinics, known=known)


def answered(asking_id: UUID, request_id: UUID) -> None:
    """Write that a clinic has concluded its request."""
    _write("compliance.asking.answered", asking_id, request_id=request_id)


def viewed(asking_id: UUID) -> None:
    """Write that the person, proven again, looked at the answers."""
    _write("compliance.asking.viewed", asking_id)


def fetched(asking_id: UUID, request_id: UUID) -> None:
    """Write that the person, proven again, began to fetch a package."""
    _write("compliance.asking.package_fetched", asking_id, request_id=request_id)


def cleared(count: int) -> None:
    """Write how many askings were forgotten."""
    _write("compliance.asking.cleared", None, count=count)


def stuck(count: int) -> None:
    """Write how many askings wait for a clinic for more than a day."""
    _write("compliance.asking.stuck", None, count=count)


def texts_used_up() -> None:
    """Write that no more text messages go out for strangers today."""
    _write("compliance.asking.texts_used_up", None)


def _write(action: str, asking_id: UUID | None, **facts: Fact) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=None,
            # Whoever asks is not signed in, so nobody is named.
            actor_kind="caller" if asking_id else "system",
            actor_id=None,
            subject_kind="asking",
            subject_id=asking_id,
            facts=facts,
        )
    )
