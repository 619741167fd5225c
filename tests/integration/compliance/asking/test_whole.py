"""From the public page to a clinic's own request and back, with the real desk."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from compliance.asking.models import Asking
from compliance.asking.way_in import asking_desk
from compliance.rights.models import RightsRequest
from compliance.rights.services.decide import extend, refuse
from compliance.rights.words import GROUNDS
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import HANNAH, OMAR, Cast, Clinic
from tests.cast_calls import make_call, say
from tests.integration.compliance.asking.conftest import (
    Visitor,
    actions,
    asked_clinics,
    run_all,
)
from tests.integration.compliance.rights.asked import fresh_owner

# Each job has transactions of its own, as it has in the worker.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def caller(telephone, cast: Cast) -> Visitor:
    """Hannah, who has called Alder Clinic and nobody else."""
    with tenancy.scope(cast.alder.organization.id):
        call = make_call(cast.alder, at=utc_now() - timedelta(days=3))
        say(call, 1, "caller", "words", at_ms=10)
    return Visitor(telephone)


def _requests(clinic: Clinic) -> list[RightsRequest]:
    with tenancy.scope(clinic.organization.id):
        return list(RightsRequest.objects.all())


class TestWholeWay:
    def test_opens_a_request_where_the_caller_is_known_alone(self, caller, cast):
        caller.proves_phone()

        (request,) = _requests(cast.alder)
        assert request.kind == "erase"
        assert _requests(cast.birch) == []
        assert asked_clinics() == [("open", True), ("unknown", False)]

    def test_opens_none_for_somebody_else(self, caller, cast):
        caller.proves_phone(OMAR)

        assert _requests(cast.alder) == _requests(cast.birch) == []
        assert asked_clinics() == [("unknown", False)] * 2

    def test_opens_none_by_mail_alone(self, caller, cast):
        caller.proves_mail()

        assert _requests(cast.alder) == _requests(cast.birch) == []
        assert mail.outbox[-1].subject == "No clinic knows you"

    def test_tells_the_caller_what_the_clinic_has_concluded(
        self, caller, cast, telephone
    ):
        caller.proves_phone()
        (request,) = _requests(cast.alder)
        with tenancy.scope(cast.alder.organization.id):
            refuse(
                actor=fresh_owner(cast),
                request_id=request.id,
                ground=next(iter(GROUNDS)),
                words="We were asked by a court to keep it.",
                now=utc_now(),
            )
        run_all()

        assert asked_clinics() == [("answered", True), ("unknown", False)]
        assert actions()[-1] == "answered"
        (path,) = re.findall(r"8000(/\S+)", telephone.texts[-1].text)
        client = Client()
        client.get(path, follow=True)
        client.post("/forget-me/status/", {"send": "1"})
        run_all()
        client.post("/forget-me/status/", {"code": caller.code()})
        page = client.get("/forget-me/status/").content.decode()
        assert "Alder Clinic" in page
        assert "Refused on" in page
        assert HANNAH not in page

    def test_tells_who_has_a_telephone_alone_that_it_takes_longer(
        self, caller, cast, telephone
    ):
        caller.proves_phone()
        (request,) = _requests(cast.alder)
        letters, texts = len(mail.outbox), len(telephone.texts)

        _put_off(cast, request)

        (text,) = telephone.texts[texts:]
        assert text.to_e164 == HANNAH
        assert text.text.startswith("A clinic needs more time.")
        assert "many" not in text.text
        (path,) = re.findall(r"8000(/\S+)", text.text)
        client = Client()
        client.get(path, follow=True)
        client.post("/forget-me/status/", {"send": "1"})
        run_all()
        client.post("/forget-me/status/", {"code": caller.code()})
        page = client.get("/forget-me/status/").content.decode()
        assert "There are many calls." in page
        assert len(mail.outbox) == letters

    def test_sends_no_text_to_who_has_the_letter(self, caller, cast, telephone):
        caller.proves_phone()
        (request,) = _requests(cast.alder)
        with asking_desk():
            Asking.objects.update(email_proven_at=utc_now())
        texts = len(telephone.texts)

        _put_off(cast, request)

        assert telephone.texts[texts:] == []


def _put_off(cast: Cast, request: RightsRequest) -> None:
    with tenancy.scope(cast.alder.organization.id):
        extend(
            actor=fresh_owner(cast),
            request_id=request.id,
            until=request.due_on + timedelta(days=30),
            reason="There are many calls.",
            now=utc_now(),
        )
    run_all()
