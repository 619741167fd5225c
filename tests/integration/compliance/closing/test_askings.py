"""What a person had asked of a clinic that closes, and of another one."""

import pytest
from django.template.loader import render_to_string

from compliance.asking.contact import Contact, keep_contact
from compliance.asking.models import AskedClinic, Asking
from compliance.asking.selectors.answers import list_answers, list_known
from compliance.asking.services.clear_askings import clear_askings
from compliance.asking.way_in import asking_desk
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.rights import Person, RightsKind, open_request
from tests.integration.compliance.closing.steps import (
    close_whole,
    release_holds,
    tick,
)
from tests.matrix.world import CANARY, PLAIN

MAIL = "zyx@home.example"


@pytest.fixture
def asking(world, clock) -> Asking:
    """Somebody who is known to both clinics, and whom neither has answered."""
    release_holds(world.alder, at=clock.at)
    with asking_desk():
        made = Asking(
            kind=RightsKind.ACCESS,
            language="en",
            asked_at=clock.at,
            email_proven_at=clock.at,
            settled_at=clock.at,
        )
        keep_contact(made, Contact(phone_e164="", email=MAIL, words=""))
        made.save()
    for side, words in ((world.alder, PLAIN), (world.birch, CANARY)):
        clinic_id = side.clinic.organization.id
        with tenancy.scope(clinic_id):
            request_id = open_request(
                organization_id=clinic_id,
                asking_id=made.id,
                kind=RightsKind.ACCESS,
                person=Person(phone_e164=words.number, email=MAIL),
                words="",
                now=clock.at,
            )
        with asking_desk():
            AskedClinic.objects.create(
                asking=made, clinic_id=clinic_id, status="open", request_id=request_id
            )
    return made


def _answers(asking: Asking, now) -> list[tuple[str, str]]:
    with asking_desk():
        known = list_known(asking=asking)
    found = list_answers(asking=asking, known=known, now=now)
    return [
        (one.answer.clinic_name, one.answer.status) if one.answer else ("", "closed")
        for one in found
    ]


def _status(asking: Asking, clinic_id) -> str:
    with asking_desk():
        return asking.clinics.get(clinic_id=clinic_id).status


def _ended(asking: Asking, clinic_id) -> list[dict[str, str]]:
    with asking_desk():
        request_id = asking.clinics.get(clinic_id=clinic_id).request_id
    with tenancy.scope(clinic_id):
        rows = AuditLog.objects.filter(subject_id=request_id)
        return [row.facts for row in rows if row.action.endswith(".ended")]


class TestAskingOfAClinicThatCloses:
    def test_is_answered_there_and_goes_on_elsewhere(self, world, clock, asking):
        alder, birch = (one.clinic.organization for one in (world.alder, world.birch))

        close_whole(world.alder, clock)

        assert _answers(asking, clock.at) == [(birch.name, "open"), ("", "closed")]
        assert _status(asking, alder.id) == "answered"
        assert _status(asking, birch.id) == "open"
        with asking_desk():
            asking.refresh_from_db()
        assert asking.finished_at is None
        assert _ended(asking, alder.id) == [{"kind": "access"}]

    def test_is_forgotten_when_that_was_the_last_answer(self, world, clock, asking):
        with asking_desk():
            asking.clinics.exclude(
                clinic_id=world.alder.clinic.organization.id
            ).delete()

        close_whole(world.alder, clock)
        with asking_desk():
            asking.refresh_from_db()
        assert asking.finished_at is not None
        clock.move(days=31)
        clear_askings(now=clock.at)

        with asking_desk():
            assert not Asking.objects.filter(pk=asking.id).exists()

    def test_says_on_the_page_that_the_clinic_has_left(self, world, clock, asking):
        close_whole(world.alder, clock)
        with asking_desk():
            known = list_known(asking=asking)
        found = list_answers(asking=asking, known=known, now=clock.at)

        shown = render_to_string("asking/clinic_answer.html", {"one": found[-1]})

        assert "A clinic that has left" in shown
        assert "What it kept of you here is erased." in shown

    def test_is_not_ended_twice(self, world, clock, asking):
        close_whole(world.alder, clock)
        tick(world.alder)

        assert len(_ended(asking, world.alder.clinic.organization.id)) == 1
