from datetime import timedelta

import pytest
from django.test import Client

from accounts.permissions import Role
from compliance.rights.errors import RequestRefusedError
from compliance.rights.models import CallerMark, RightsRequest
from compliance.rights.services.decide import approve
from compliance.rights.services.open_request import open_request
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.rights import Person, RightsKind, read_answer
from telephony.models import Call
from telephony.scheduling.models import Appointment
from telephony.scheduling.sealed import patient_name
from telephony.sealed import caller_name
from tests.cast import HANNAH, RUTH, join, make_person
from tests.cast_calls import make_appointment, make_call, say, sealer_of
from tests.integration.compliance.rights.asked import actions, found, fresh_owner, road
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db
PAGE = "/app/settings/requests/"
NEW = f"{PAGE}new/"
ENTERED = {
    "kind": "erase",
    "number": "+1 (312) 555-0136",
    "email": "",
    "verified": "called_back",
    "words": "Please forget me.",
}


@pytest.fixture
def call(cast) -> Call:
    with tenancy.scope(cast.alder.organization.id):
        call = make_call(
            cast.alder, at=utc_now() - timedelta(days=3), name="Hanna Brant"
        )
        say(call, 1, "caller", "words", at_ms=10)
        make_appointment(
            cast.alder, starts_at=utc_now() + timedelta(days=3), name="Hanna Brant"
        )
    return call


@pytest.fixture
def ada(cast, signed_in) -> Client:
    return signed_in(cast.ada)


@pytest.fixture
def asked(cast, call):
    def asked(kind: RightsKind = RightsKind.ERASE):
        with tenancy.scope(cast.alder.organization.id):
            return open_request(
                organization_id=cast.alder.organization.id,
                asking_id=uuid7(),
                kind=kind,
                person=Person(phone_e164=HANNAH, email="hannah@home.example"),
                words="Please forget me.",
                now=utc_now(),
            )

    return asked


def _all(cast) -> list[RightsRequest]:
    with tenancy.scope(cast.alder.organization.id):
        return list(RightsRequest.objects.all())


class TestWhoSeesIt:
    def test_is_not_for_the_desk_or_an_agency(self, cast, signed_in, asked):
        request_id = asked()
        ben = signed_in(cast.ben)

        assert ben.get(PAGE).status_code == 403
        assert ben.get(f"{PAGE}{request_id}/").status_code == 403
        yes = ben.post(f"{PAGE}{request_id}/approve/", {"word": "erase"})
        assert yes.status_code == 403
        assert road(cast, request_id) == ["received"]

    def test_shows_an_auditor_the_request_and_not_who_asks(
        self, cast, signed_in, asked
    ):
        request_id = asked()
        cy = signed_in(cast.cy)

        page = cy.get(f"{PAGE}{request_id}/").content.decode()

        assert "Erase everything" in page
        assert HANNAH not in page
        assert "hannah@" not in page
        assert "Please forget me." not in page
        for act in ("approve", "refuse", "extend", "cancel", "correct", "package"):
            assert cy.post(f"{PAGE}{request_id}/{act}/").status_code == 403
        assert cy.post(NEW, ENTERED).status_code == 403
        assert [one.id for one in _all(cast)] == [request_id]
        assert road(cast, request_id) == ["received"]

    def test_is_404_for_another_clinic(self, cast, signed_in, asked):
        request_id = asked()
        dot = signed_in(cast.dot)

        assert dot.get(f"{PAGE}{request_id}/").status_code == 404
        answer = dot.post(f"{PAGE}{request_id}/approve/", {"word": "erase"})
        assert answer.status_code == 404
        assert road(cast, request_id) == ["received"]

    def test_is_decided_by_an_administrator_as_well(self, cast, signed_in, asked):
        request_id = asked(RightsKind.OBJECT)
        person = make_person("Al Dean", "al@alder-clinic.example")
        join(cast.alder, person, Role.ADMINISTRATOR)

        answer = signed_in(person).post(f"{PAGE}{request_id}/approve/")

        assert answer.status_code == 302
        assert road(cast, request_id) == ["received", "approved"]


class TestList:
    def test_is_empty_at_first(self, ada):
        assert "Nobody waits for an answer." in ada.get(PAGE).content.decode()

    def test_shows_how_many_days_are_left_and_what_is_late(self, cast, ada, asked):
        request_id = asked()
        assert " days left" in ada.get(PAGE).content.decode()

        with tenancy.scope(cast.alder.organization.id):
            RightsRequest.objects.update(due_on=utc_now().date() - timedelta(days=3))

        page = ada.get(PAGE).content.decode()
        assert "Late" in page
        assert str(request_id) in page

    def test_counts_in_the_menu_what_waits_for_a_decision(self, ada, asked):
        asked()
        asked(RightsKind.ACCESS)

        assert '<span class="count">2' in ada.get(PAGE).content.decode()


class TestDetail:
    def test_shows_who_asks_what_it_covers_and_how_far_it_is(self, cast, ada, asked):
        request_id = asked()

        page = ada.get(f"{PAGE}{request_id}/").content.decode()

        for words in (HANNAH, "hannah@home.example", "Please forget me.", "Received"):
            assert words in page
        assert "compliance.rights_request.read" in actions(cast)

    def test_lets_nobody_cancel_what_a_person_asked(self, cast, ada, asked):
        request_id = asked()

        assert ada.post(f"{PAGE}{request_id}/cancel/").status_code == 409
        assert road(cast, request_id) == ["received"]


class TestApproving:
    def test_wants_a_word_typed_before_all_goes(self, cast, ada, asked):
        request_id = asked()
        here = f"{PAGE}{request_id}/approve/"
        assert "Type erase" in ada.get(here).content.decode()

        for wrong in ({}, {"word": "yes"}):
            assert ada.post(here, wrong).status_code == 422
        assert road(cast, request_id) == ["received"]

        assert ada.post(here, {"word": "Erase "}).status_code == 302
        assert road(cast, request_id) == ["received", "approved"]

    def test_says_that_what_is_not_used_goes_on_its_day(self, ada, asked):
        request_id = asked(RightsKind.RESTRICT)

        page = ada.get(f"{PAGE}{request_id}/approve/").content.decode()

        assert "It still goes on its day" in page
        assert "place a legal hold on the number first" in page

    def test_wants_a_fresh_second_factor(self, cast, ada, asked):
        request_id = asked()
        here = f"{PAGE}{request_id}/approve/"
        session = ada.session
        session["second_factor_at"] -= 400
        session.save()

        assert "second-factor" in ada.get(here)["Location"]
        assert ada.post(here, {"word": "erase"}).status_code == 403
        assert road(cast, request_id) == ["received"]

    def test_twice_is_once(self, cast, ada, asked):
        request_id = asked(RightsKind.ACCESS)
        here = f"{PAGE}{request_id}/approve/"
        ada.post(here)

        assert ada.post(here).status_code == 409
        assert ada.get(here).status_code == 404
        assert road(cast, request_id) == ["received", "approved"]


class TestRefusing:
    def test_takes_a_reason_of_the_law_and_words(self, cast, ada, asked):
        request_id = asked()
        here = f"{PAGE}{request_id}/refuse/"

        for wrong in (
            {"ground": "claims", "words": " "},
            {"ground": "mood", "words": "No"},
        ):
            assert ada.post(here, wrong).status_code == 422
        assert road(cast, request_id) == ["received"]

        answer = ada.post(here, {"ground": "claims", "words": "Case 7 is open."})

        assert answer.status_code == 302
        assert road(cast, request_id) == ["received", "refused"]
        assert found(cast, request_id).forgotten_at is not None
        with tenancy.scope(cast.alder.organization.id):
            told = read_answer(
                organization_id=cast.alder.organization.id, request_id=request_id
            )
        assert (told.status, told.package_ready) == ("refused", False)
        assert told.reason_words == (
            "Needed for a legal claim (Art. 17(3)(e)). Case 7 is open."
        )


class TestPuttingOff:
    def test_names_a_day_and_a_reason(self, cast, ada, asked):
        request_id = asked()
        here = f"{PAGE}{request_id}/extend/"
        due = found(cast, request_id).due_on
        late = (due + timedelta(days=61)).isoformat()

        assert ada.post(here, {"until": late, "reason": "Many"}).status_code == 422
        assert found(cast, request_id).due_on == due

        later = due + timedelta(days=60)
        answer = ada.post(here, {"until": later.isoformat(), "reason": "Many"})

        assert answer.status_code == 302
        assert found(cast, request_id).due_on == later


class TestEntering:
    def test_makes_a_request_of_whom_staff_made_sure(self, cast, ada, call):
        answer = ada.post(NEW, ENTERED)

        (made,) = _all(cast)
        assert answer["Location"] == f"{PAGE}{made.id}/"
        assert (made.source, made.verified, made.entered_by) == (
            "staff",
            "called_back",
            cast.ada.id,
        )
        assert HANNAH in ada.get(f"{PAGE}{made.id}/").content.decode()

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"number": "312 555 0136"}, "with its country"),
            ({"number": RUTH}, "Nothing is kept under this number."),
            ({"verified": ""}, "This field is required."),
            ({"kind": "burn"}, "Select a valid choice"),
        ],
    )
    def test_says_what_is_missing(self, cast, ada, call, wrong, words):
        answer = ada.post(NEW, ENTERED | wrong)

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert _all(cast) == []

    def test_by_mistake_is_cancelled_before_a_decision(self, cast, ada, call):
        ada.post(NEW, ENTERED)
        (made,) = _all(cast)

        assert ada.post(f"{PAGE}{made.id}/cancel/").status_code == 302

        assert road(cast, made.id) == ["received", "cancelled"]
        assert found(cast, made.id).forgotten_at is not None


class TestCorrecting:
    def test_writes_another_name_in_a_call_and_in_the_diary(
        self, cast, ada, call, asked
    ):
        request_id = asked(RightsKind.RECTIFY)
        here = f"{PAGE}{request_id}/correct/"
        with tenancy.scope(cast.alder.organization.id):
            visit = Appointment.objects.get()
        assert (
            ada.get(f"{PAGE}{request_id}/").content.decode().count("Hanna Brant") == 2
        )

        for keeper, item in (
            ("telephony.caller_name", call.id),
            ("scheduling.patient_name", visit.id),
        ):
            body = {"keeper": keeper, "item": item, "text": "Hannah Brandt"}
            assert ada.post(here, body).status_code == 302

        with tenancy.scope(cast.alder.organization.id):
            again = Call.objects.get(pk=call.id)
            assert caller_name(again, sealer_of(again)) == "Hannah Brandt"
            assert patient_name(Appointment.objects.get()) == "Hannah Brandt"
        body = {"corrected": "yes"}
        assert ada.post(f"{PAGE}{request_id}/approve/", body).status_code == 302
        run_all_jobs(cast)
        assert road(cast, request_id) == ["received", "approved", "answered"]
        assert (
            actions(cast, "compliance.rights_name.")
            == ["compliance.rights_name.corrected"] * 2
        )

    def test_is_not_answered_before_somebody_says_that_it_is_done(
        self, cast, ada, asked
    ):
        request_id = asked(RightsKind.RECTIFY)
        here = f"{PAGE}{request_id}/approve/"

        assert "It is right now" in ada.get(here).content.decode()
        answer = ada.post(here)

        assert answer.status_code == 422
        assert "Correct it first, then tick this." in answer.content.decode()
        now = utc_now()
        with (
            tenancy.scope(cast.alder.organization.id),
            pytest.raises(RequestRefusedError),
        ):
            approve(actor=fresh_owner(cast, now), request_id=request_id, now=now)
        assert road(cast, request_id) == ["received"]

    def test_reaches_nobody_elses_name(self, cast, ada, call, asked):
        request_id = asked(RightsKind.RECTIFY)
        with tenancy.scope(cast.alder.organization.id):
            other = make_call(cast.alder, at=utc_now(), caller=RUTH, name="Ruth")
        body = {"keeper": "telephony.caller_name", "item": other.id, "text": "X"}

        assert ada.post(f"{PAGE}{request_id}/correct/", body).status_code == 404

        with tenancy.scope(cast.alder.organization.id):
            again = Call.objects.get(pk=other.id)
            assert caller_name(again, sealer_of(again)) == "Ruth"

    def test_is_for_requests_to_correct_alone(self, cast, ada, call, asked):
        request_id = asked(RightsKind.ERASE)
        body = {"keeper": "telephony.caller_name", "item": call.id, "text": "X"}

        assert ada.post(f"{PAGE}{request_id}/correct/", body).status_code == 409

        with tenancy.scope(cast.alder.organization.id):
            again = Call.objects.get(pk=call.id)
            assert caller_name(again, sealer_of(again)) == "Hanna Brant"


class TestPackage:
    def test_is_downloaded_by_who_decides(self, cast, ada, asked):
        request_id = asked(RightsKind.ACCESS)
        here = f"{PAGE}{request_id}/package/"
        assert ada.post(here).status_code == 404
        ada.post(f"{PAGE}{request_id}/approve/")
        run_all_jobs(cast)

        answer = ada.post(here)

        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/zip"
        assert b"".join(answer.streaming_content)[:2] == b"PK"

    def test_wants_a_fresh_second_factor(self, cast, ada, asked):
        request_id = asked(RightsKind.ACCESS)
        ada.post(f"{PAGE}{request_id}/approve/")
        run_all_jobs(cast)
        session = ada.session
        session["second_factor_at"] -= 400
        session.save()

        assert ada.post(f"{PAGE}{request_id}/package/").status_code == 403
        assert actions(cast, "compliance.rights_package") == []


class TestMark:
    def test_is_listed_and_lifted_with_a_reason(self, cast, ada, asked):
        request_id = asked(RightsKind.RESTRICT)
        ada.post(f"{PAGE}{request_id}/approve/")
        run_all_jobs(cast)
        with tenancy.scope(cast.alder.organization.id):
            mark = CallerMark.objects.get()
        assert "Kept, but not used" in ada.get(PAGE).content.decode()
        here = f"{PAGE}marks/{mark.id}/lift/"

        assert ada.post(here, {"reason": " "}).status_code == 422
        assert ada.post(here, {"reason": "They agreed"}).status_code == 302

        assert "Kept, but not used" not in ada.get(PAGE).content.decode()
        assert ada.get(here).status_code == 404
