from base64 import b64encode

import pytest

from compliance.ledger.models import AuditLog
from sondervoice.demo.people import ALDER
from sondervoice.kernel import tenancy
from tests.integration.api.conftest import desk_of, make_call


class TestAppointments:
    def test_stand_in_the_clinics_own_time(self, alder):
        first = alder.get("appointments/", limit=1).json()["results"][0]

        assert first["timezone"] == "America/Chicago"
        assert first["starts_at"].endswith("-06:00")
        assert first["status"] == "booked"
        assert first["type"] == "check-up"
        assert first["with"] in ALDER.practitioners
        assert first["patient_name"] == "Nora Quist"
        assert first["patient_phone_e164"] == "+1 ••• ••• ••11"
        assert first["call_id"] is None

    def test_are_noted_in_the_record(self, alder):
        alder.get("appointments/", limit=3)

        with tenancy.scope(ALDER.id):
            row = AuditLog.objects.get(action="scheduling.appointments.read")
            assert row.fields == ["patient_name", "patient_phone"]
            assert row.facts == {"count": 3}

    @pytest.mark.parametrize("limit", ["", "0", "-1", "abc", "1.5", "²"])
    def test_refuse_a_length_that_is_none(self, alder, limit):
        answer = alder.get("appointments/", limit=limit)

        assert answer.status_code == 400
        assert "must be a number from 1 to 100" in answer.content.decode()
        with tenancy.scope(ALDER.id):
            assert not AuditLog.objects.filter(
                action="scheduling.appointments.read"
            ).exists()

    @pytest.mark.parametrize(
        "place",
        ["x", "2026-11-20", "2026-11-20T15:42:00", "\0", "0", ""],
    )
    def test_refuse_a_place_that_is_none(self, alder, place):
        cursor = b64encode(f"p={place}".encode()).decode()

        answer = alder.get("appointments/", cursor=cursor)

        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["cursor"]

    @pytest.mark.parametrize("cursor", ["x", "ä"])
    def test_refuse_a_cursor_that_is_none(self, alder, cursor):
        answer = alder.get("appointments/", cursor=cursor)

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")

    def test_are_a_hundred_at_most(self, alder):
        assert alder.get("appointments/", limit=1_000).status_code == 200

    def test_come_in_pages_by_the_time_of_the_slot(self, alder):
        first = alder.get("appointments/", limit=3).json()
        second = alder.client.get(
            first["next"], headers={"authorization": alder.authorization}
        ).json()

        starts = [row["starts_at"] for row in first["results"] + second["results"]]
        assert len(starts) == 6
        assert starts == sorted(starts)
        ids = {row["id"] for row in first["results"] + second["results"]}
        assert len(ids) == 6


class TestMessages:
    def test_are_opened_for_the_key_and_noted_in_the_record(self, alder):
        call = make_call()

        (found,) = alder.get("messages/", status="new").json()["results"]

        assert found["text"] == "please ring me back"
        assert found["name"] is None
        assert found["phone_e164"] == "+1 ••• ••• ••42"
        assert found["call_id"] == str(call.id)
        with tenancy.scope(ALDER.id):
            row = AuditLog.objects.get(action="telephony.messages.read")
            assert row.facts == {"count": 1}


class TestAgents:
    def test_say_what_their_published_version_says(self, alder):
        (found,) = alder.get("agents/").json()["results"]

        assert found["name"] == "Front desk"
        assert (found["version"], found["languages"]) == (1, ["en", "de", "fr"])
        assert found["records"] is True


class TestCallersScope:
    def test_shows_name_and_number_as_they_are(self, clinics):
        make_call()
        desk = desk_of(ALDER, scopes=("messages:read", "callers:read"))

        (found,) = desk.get("messages/").json()["results"]

        assert found["name"] == "Maria Lopez"
        assert found["phone_e164"] == "+13125550142"
