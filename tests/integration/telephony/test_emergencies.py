from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Membership
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from telephony.models import Call
from tests.cast import OMAR, Cast
from tests.cast_calls import make_call
from tests.cast_fixtures import SignIn


@pytest.fixture
def emergency(cast: Cast) -> Call:
    """One whose caller hung up before leaving a message."""
    with tenancy.scope(cast.alder.organization.id):
        return make_call(
            cast.alder,
            at=utc_now() - timedelta(hours=2),
            caller=OMAR,
            name="Omar Haddad",
            outcome=Call.Outcome.EMERGENCY,
        )


def _attended(call: Call) -> tuple[object, object]:
    with tenancy.scope(call.organization_id):
        now = Call.objects.get(pk=call.id)
        return now.attended_at is not None, now.attended_by_id


def _actions(call: Call) -> list[tuple[str, object]]:
    with tenancy.scope(call.organization_id):
        rows = AuditLog.objects.filter(
            subject_id=call.id, action__startswith="telephony.emergency."
        ).order_by("at", "id")
        return list(rows.values_list("action", "actor_id"))


def _waiting(client: Client) -> list[object]:
    return [row.id for row in client.get("/app/").context["day"].emergencies]


class TestEmergencyWithoutAMessage:
    def test_is_done_and_undone(self, cast: Cast, emergency: Call, signed_in: SignIn):
        client = signed_in(cast.ben)
        before = _waiting(client)

        answer = client.post(f"/app/calls/{emergency.id}/attend/")
        done = _attended(emergency)
        offer = client.get(answer.headers["Location"])
        gone = [row.id for row in offer.context["day"].emergencies]
        undone = client.post(f"/app/calls/{emergency.id}/wait-again/")

        assert before == [emergency.id]
        assert answer.headers["Location"] == f"/app/?attended={emergency.id}"
        assert done == (True, cast.ben.id)
        assert gone == []
        assert f"/app/calls/{emergency.id}/wait-again/" in offer.content.decode()
        assert undone.headers["Location"] == "/app/"
        assert _attended(emergency) == (False, None)
        assert _waiting(client) == [emergency.id]
        assert _actions(emergency) == [
            ("telephony.emergency.attended", cast.ben.id),
            ("telephony.emergency.reopened", cast.ben.id),
        ]

    def test_offers_to_undo_only_what_the_reader_could(
        self, cast: Cast, emergency: Call, signed_in: SignIn
    ):
        offer, words = f"/app/?attended={emergency.id}", "Marked as done"
        client = signed_in(cast.ben)
        waiting = client.get(offer).content.decode()
        nobodys = client.get(f"/app/?attended={uuid7()}").content.decode()
        client.post(f"/app/calls/{emergency.id}/attend/")
        done = client.get(offer).content.decode()
        auditors = signed_in(cast.cy).get(offer).content.decode()
        elsewhere = signed_in(cast.dot).get(offer).content.decode()
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=cast.ben).update(is_limited=True)
        limited = client.get(offer).content.decode()

        assert words in done
        for page in (waiting, nobodys, auditors, elsewhere, limited):
            assert words not in page
            assert "wait-again" not in page

    def test_keeps_who_attended_to_it_first(
        self, cast: Cast, emergency: Call, signed_in: SignIn
    ):
        address = f"/app/calls/{emergency.id}/attend/"

        signed_in(cast.ben).post(address)
        signed_in(cast.ada).post(address)

        assert _attended(emergency) == (True, cast.ben.id)
        assert _actions(emergency) == [("telephony.emergency.attended", cast.ben.id)]

    def test_is_not_reopened_twice(
        self, cast: Cast, emergency: Call, signed_in: SignIn
    ):
        signed_in(cast.ben).post(f"/app/calls/{emergency.id}/wait-again/")

        assert _actions(emergency) == []

    @pytest.mark.parametrize("verb", ["attend", "wait-again"])
    def test_is_no_auditors_to_settle(
        self, cast: Cast, emergency: Call, signed_in: SignIn, verb: str
    ):
        before = _waiting(signed_in(cast.ben))
        client = signed_in(cast.cy)

        answer = client.post(f"/app/calls/{emergency.id}/{verb}/")

        assert answer.status_code == 403
        assert f"/app/calls/{emergency.id}/attend/" not in (
            client.get("/app/").content.decode()
        )
        assert before == _waiting(client) == [emergency.id]
        assert _actions(emergency) == []

    @pytest.mark.parametrize("verb", ["attend", "wait-again"])
    def test_is_nothing_to_another_clinic(
        self, cast: Cast, emergency: Call, signed_in: SignIn, verb: str
    ):
        answer = signed_in(cast.dot).post(f"/app/calls/{emergency.id}/{verb}/")

        assert answer.status_code == 404
        assert _attended(emergency) == (False, None)
        assert _actions(emergency) == []

    def test_is_none_when_the_call_was_something_else(
        self, cast: Cast, emergency: Call, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            Call.objects.filter(pk=emergency.id).update(outcome=Call.Outcome.INFO)

        answer = signed_in(cast.ben).post(f"/app/calls/{emergency.id}/attend/")

        assert answer.status_code == 404
        assert _attended(emergency) == (False, None)

    def test_says_on_its_page_who_attended_to_it(
        self, cast: Cast, emergency: Call, signed_in: SignIn
    ):
        client = signed_in(cast.ben)
        client.post(f"/app/calls/{emergency.id}/attend/")

        sheet = client.get(f"/app/calls/{emergency.id}/").content.decode()

        assert "Attended to" in sheet
        assert "by Ben Osei" in sheet
