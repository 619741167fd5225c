"""What the person sees of their asking: each clinic that knows them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from compliance.asking.contact import open_contact
from compliance.asking.links import LinkPurpose, make_link
from compliance.asking.models import AskedClinic, Asking
from compliance.asking.services.write_to_asker import goes_by_text
from sondervoice.kernel import tenancy
from sondervoice.kernel.rights import Answer, read_answer

PACKAGE_LIVES: Final = timedelta(minutes=15)
_SEEN: Final = (AskedClinic.Status.OPEN, AskedClinic.Status.ANSWERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicAnswer:
    """How far one clinic is.

    Attributes:
        answer: None from a clinic whose account was closed: nothing is left there.
        package: The token of the link to the package; empty where there is none.
    """

    answer: Answer | None
    package: str = ""

    @property
    def is_put_off(self) -> bool:
        """Return whether the clinic takes longer than it had at first."""
        if self.answer is None:
            return False
        return self.answer.status == "open" and bool(self.answer.reason_words)


def list_known(*, asking: Asking) -> list[AskedClinic]:
    """Return the clinics that know the person; at the askings' desk."""
    known = asking.clinics.filter(status__in=_SEEN, request_id__isnull=False)
    return list(known.order_by("id"))


def list_answers(
    *, asking: Asking, known: list[AskedClinic], now: datetime
) -> list[ClinicAnswer]:
    """Return how far each of these clinics is, by name.

    Each is asked in its own scope; call it outside any. Closed ones come last. The
    links to packages hold for 15 minutes.
    """
    found = [_answer(asking, one, now) for one in known]
    return sorted(found, key=_by_name)


def count_waiting(*, asking: Asking) -> int:
    """Return how many clinics have not said yet whether they know the person."""
    return asking.clinics.filter(status=AskedClinic.Status.WAITING).count()


def find_request(*, asking: Asking, request_id: UUID) -> AskedClinic | None:
    """Return the clinic whose request this is, if it is of this asking."""
    return asking.clinics.filter(request_id=request_id, status__in=_SEEN).first()


def _by_name(one: ClinicAnswer) -> tuple[bool, str]:
    return (one.answer is None, one.answer.clinic_name if one.answer else "")


def _answer(asking: Asking, asked: AskedClinic, now: datetime) -> ClinicAnswer:
    request_id = asked.request_id
    assert request_id is not None  # noqa: S101 -- asked for above
    with tenancy.scope(asked.clinic_id):
        answer = read_answer(organization_id=asked.clinic_id, request_id=request_id)
    if answer is None or not answer.package_ready:
        return ClinicAnswer(answer=answer)
    contact = open_contact(asking)
    is_text = goes_by_text(asking, contact)
    token = make_link(
        LinkPurpose.PACKAGE,
        asking_id=asking.id,
        contact=contact.phone_e164 if is_text else contact.email,
        expires_at=now + PACKAGE_LIVES,
        subject_id=request_id,
    )
    return ClinicAnswer(answer=answer, package=token)
