"""The desk at which one clinic is asked to honour a person's rights over their data.

Whoever meets the person (`compliance.asking`) proves who asks and knows no clinic's
rows; whoever keeps the clinic's requests installs the desk and never learns how the
person was met. What a clinic concludes comes back as `request_concluded`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from sondervoice.kernel.events import DomainEvent


class RightsKind(StrEnum):
    """What a person may ask for.

    Source:
        Regulation (EU) 2016/679, articles 15, 20, 16, 17, 18 and 21, in this order.
    """

    ACCESS = "access"
    EXPORT = "export"
    RECTIFY = "rectify"
    ERASE = "erase"
    RESTRICT = "restrict"
    OBJECT = "object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a request is about: only what was proven; empty where it was not."""

    phone_e164: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How far a clinic is with one request.

    Attributes:
        concluded_at: Null while it is open.
        reason_words: Why it was refused; while it is open, why `due_on` was put off.
        package_ready: There is a package to fetch; of an erasure, its certificates.
        has_copy_elsewhere: It is done here, and a processor has not confirmed yet.
    """

    kind: RightsKind
    status: Literal["done", "refused", "open"]
    concluded_at: datetime | None
    due_on: date
    clinic_name: str
    reason_words: str
    package_ready: bool
    has_copy_elsewhere: bool = False


OpenRequest = Callable[..., UUID | None]
ReadAnswer = Callable[..., Answer | None]
OpenPackage = Callable[..., Iterator[bytes]]

# Carries `organization_id`, `request_id` and `asking_id`; sent when a request is
# answered or refused.
request_concluded: Final = DomainEvent("compliance.request_concluded")

# With the same ids; sent when a clinic has said that it takes longer, and why.
request_put_off: Final = DomainEvent("compliance.request_put_off")


class RequestDeskMissingError(RuntimeError):
    """Nobody keeps the clinics' requests, so nothing can be asked of them."""


_open_request: list[OpenRequest] = []
_answers: list[tuple[ReadAnswer, OpenPackage]] = []


def install_request_desk(open_request: OpenRequest) -> None:
    """Make this the one who opens requests at clinics."""
    _open_request[:] = [open_request]


def install_answer_desk(read_answer: ReadAnswer, open_package: OpenPackage) -> None:
    """Make these the ones who tell what became of a request."""
    _answers[:] = [(read_answer, open_package)]


def open_request(
    *,
    organization_id: UUID,
    asking_id: UUID,
    kind: RightsKind,
    person: Person,
    words: str,
    now: datetime,
) -> UUID | None:
    """Open the clinic's own request; call it in the open scope of that clinic.

    Idempotent by (`organization_id`, `asking_id`, `kind`).

    Args:
        words: What the person wrote with it, or empty.

    Returns:
        The request's id, or None if the clinic knows nothing of the person; then
        nothing is left there.

    Raises:
        RequestDeskMissingError: If no desk is installed.
    """
    if not _open_request:
        raise RequestDeskMissingError
    return _open_request[0](
        organization_id=organization_id,
        asking_id=asking_id,
        kind=kind,
        person=person,
        words=words,
        now=now,
    )


def read_answer(*, organization_id: UUID, request_id: UUID) -> Answer | None:
    """Return how far the clinic is; call it in the open scope of that clinic.

    Returns:
        None if the request is no longer there: the clinic's account was closed.

    Raises:
        RequestDeskMissingError: If no desk is installed.
    """
    if not _answers:
        raise RequestDeskMissingError
    return _answers[0][0](organization_id=organization_id, request_id=request_id)


def open_package(*, organization_id: UUID, request_id: UUID) -> Iterator[bytes]:
    """Yield the zip file of the request, piece by piece, for the proven person only.

    Called outside any scope: it opens its own as it reads.

    Raises:
        RequestDeskMissingError: If no desk is installed.
    """
    if not _answers:
        raise RequestDeskMissingError
    return _answers[0][1](organization_id=organization_id, request_id=request_id)
