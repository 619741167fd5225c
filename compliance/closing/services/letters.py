"""Letters about a closing: to all owners, and at the start to the agency."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.letters import send_letter as write
from accounts.models import Membership, Organization, User
from accounts.permissions import Role
from accounts.way_in import signing_in
from compliance.closing.models import Closing, ClosingLetter
from compliance.closing.way_in import agency_people
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit

Kind = ClosingLetter.Kind


def ask_letters(closing: Closing, kind: Kind) -> None:
    """Have it written to each who should know, in the open scope; twice is harmless.

    Once the doors are shut nobody owns the clinic: those are written to who were
    before.
    """
    told = closing.letters.filter(is_agency=False).values_list("user_id", flat=True)
    owners = Membership.objects.filter(role=Role.OWNER, ended_at=None)
    for user_id in {*told, *owners.values_list("user_id", flat=True)}:
        _ask(closing, kind, user_id)
    if kind == Kind.ASKED:
        for user_id in agency_people():
            _ask(closing, kind, user_id, is_agency=True)


def _ask(
    closing: Closing, kind: Kind, user_id: UUID, *, is_agency: bool = False
) -> None:
    letter, is_new = ClosingLetter.objects.get_or_create(
        organization_id=closing.organization_id,
        closing=closing,
        kind=kind,
        user_id=user_id,
        defaults={"is_agency": is_agency},
    )
    if is_new:
        after_commit(
            "compliance.send_closing_letter",
            organization_id=closing.organization_id,
            ids={"letter_id": letter.id},
        )


def send_letter(*, organization_id: UUID, letter_id: UUID, now: datetime) -> None:
    """Send one letter, unless it was sent or is about what was undone.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with tenancy.scope(organization_id):
        letter = ClosingLetter.objects.select_related("closing").get(pk=letter_id)
        if letter.sent_at is not None or letter.closing.undone_at is not None:
            return
        clinic = Organization.objects.get(pk=organization_id)
        with signing_in():
            person = User.objects.filter(pk=letter.user_id, is_active=True).first()
    if person is not None:
        write(f"closing_{letter.kind}", to=person.email, **_words(letter, clinic))
    with tenancy.scope(organization_id):
        ClosingLetter.objects.filter(pk=letter_id).update(sent_at=now)


def _words(letter: ClosingLetter, clinic: Organization) -> dict[str, Any]:
    return {
        "clinic": clinic.name,
        "closing": letter.closing,
        "is_agency": letter.is_agency,
        "zone": ZoneInfo(clinic.timezone),
        "zone_name": clinic.timezone,
    }
