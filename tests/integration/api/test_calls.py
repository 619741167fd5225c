from uuid import uuid4

import pytest

from compliance.keys.keys import keys
from compliance.ledger.models import AuditLog
from sondervoice.demo.people import ALDER, BIRCH
from sondervoice.kernel import tenancy
from tests.integration.api.conftest import desk_of, make_call

FIELDS = {
    "id", "status", "direction", "caller_e164", "language", "started_at", "answered_at",
    "ended_at", "end_reason", "outcome", "agent", "agent_version", "capture",
    "disclosure", "consent", "recording", "latency",
}  # fmt: skip


class TestCallList:
    def test_gives_the_newest_first_in_pages_by_place(self, alder):
        calls = [make_call(minutes_ago=minutes) for minutes in (3, 2, 1)]

        first = alder.get("calls/", limit=2).json()
        second = alder.client.get(
            first["next"], headers={"authorization": alder.authorization}
        ).json()

        found = [row["id"] for row in first["results"] + second["results"]]
        assert found == [str(call.id) for call in reversed(calls)]
        assert second["next"] is None

    def test_turns_the_order_round(self, alder):
        calls = [make_call(minutes_ago=minutes) for minutes in (2, 1)]

        found = alder.get("calls/", ordering="started_at").json()["results"]

        assert [row["id"] for row in found] == [str(call.id) for call in calls]

    def test_keeps_those_of_one_status_and_outcome(self, alder):
        make_call(outcome="message")
        booked = make_call(outcome="booked")

        found = alder.get("calls/", status="ended", outcome="booked").json()["results"]

        assert [row["id"] for row in found] == [str(booked.id)]

    @pytest.mark.parametrize(
        "query",
        [
            {"ordering": "caller_sealed"},
            {"status": "gone"},
            {"outcome": "x"},
            {"outcome": ""},
            {"status": ""},
        ],
    )
    def test_refuses_what_it_does_not_know(self, alder, query):
        answer = alder.get("calls/", **query)

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "invalid"

    def test_costs_the_same_for_one_call_and_for_twenty(
        self, alder, django_assert_num_queries
    ):
        make_call()
        # The first use of a key in a minute is written down.
        alder.get("calls/")
        with django_assert_num_queries(13) as few:
            alder.get("calls/")
        for minutes in range(20):
            make_call(minutes_ago=minutes)

        with django_assert_num_queries(len(few)):
            assert len(alder.get("calls/").json()["results"]) == 21


class TestRecord:
    def test_holds_how_many_calls_a_page_gave_and_which(self, alder):
        calls = [make_call(minutes_ago=minutes) for minutes in (3, 2, 1)]

        alder.get("calls/", limit=2)

        row = _look()
        assert (row.actor_kind, row.subject_kind, row.subject_id) == (
            "api_key",
            "call",
            None,
        )
        assert row.fields == ["caller"]
        assert row.facts == {
            "count": 2,
            "first": str(calls[2].id),
            "last": str(calls[1].id),
        }

    def test_holds_a_page_without_calls(self, alder):
        alder.get("calls/")

        assert _look().facts == {"count": 0}

    def test_names_the_one_call_that_was_read(self, alder):
        call = make_call()

        alder.get(f"calls/{call.id}/")

        assert (_look().subject_id, _look().facts) == (call.id, {"count": 1})

    def test_holds_nothing_of_what_was_refused(self, alder, birch):
        call = make_call()

        assert birch.get(f"calls/{call.id}/").status_code == 404
        assert alder.get("calls/", status="gone").status_code == 400

        with tenancy.scope(ALDER.id):
            assert not AuditLog.objects.filter(action="telephony.calls.read").exists()


def _look():
    with tenancy.scope(ALDER.id):
        return AuditLog.objects.get(action="telephony.calls.read")


class TestCall:
    def test_says_what_came_of_it_and_under_which_rules(self, alder):
        call = make_call()

        answer = alder.get(f"calls/{call.id}/")
        found = answer.json()

        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert set(found) == FIELDS
        assert found["caller_e164"] == "+1 ••• ••• ••42"
        assert found["agent"]["name"] == "Front desk"
        assert found["agent_version"] == 1
        assert found["capture"] == {
            "mode": "all_party_notice",
            "policy_version": call.capture["policy_version"],
            "recording": True,
            "transcription": True,
        }
        assert found["disclosure"]["text"] == " ".join(call.capture["notice"]["en"])
        assert found["disclosure"]["heard_at"] == "2026-11-20T15:00:07Z"
        assert found["recording"]["duration_ms"] == 60_000
        assert found["recording"]["encrypted"] is True
        assert found["latency"] == {"p50_ms": 640, "p95_ms": 910}

    def test_shows_the_words_of_a_notice_that_was_begun_and_not_heard(self, alder):
        call = make_call(disclosure_heard_at=None, disclosure_language="")

        found = alder.get(f"calls/{call.id}/").json()["disclosure"]

        assert found["text"] == " ".join(call.capture["notice"]["en"])
        assert found["language"] == "en"
        assert found["heard_at"] is None

    def test_shows_no_words_of_a_notice_that_was_never_begun(self, alder):
        call = make_call(
            disclosure_spoken_at=None, disclosure_heard_at=None, disclosure_language=""
        )

        found = alder.get(f"calls/{call.id}/").json()["disclosure"]

        assert (found["text"], found["language"]) == (None, None)

    def test_shows_no_number_once_its_key_is_gone(self, alder):
        call = make_call()
        keys().destroy_call_key(organization_id=ALDER.id, call_id=call.id)

        assert alder.get(f"calls/{call.id}/").json()["caller_e164"] is None
        assert alder.get(f"calls/{call.id}/transcript/").json() == []


class TestTranscript:
    def test_gives_the_lines_with_what_was_heard(self, alder):
        call = make_call()

        lines = alder.get(f"calls/{call.id}/transcript/").json()

        assert [(line["speaker"], line["text"], line["heard"]) for line in lines] == [
            ("agent", "Hello.", True),
            ("caller", "a check-up", None),
            ("agent", "Next Tuesday at half past ten?", "Next Tuesday"),
        ]
        assert (lines[0]["started_ms"], lines[0]["ended_ms"]) == (1_000, 1_900)

    def test_leaves_a_row_in_the_record_at_each_read(self, alder):
        call = make_call()

        alder.get(f"calls/{call.id}/transcript/")
        alder.get(f"calls/{call.id}/transcript/")

        with tenancy.scope(ALDER.id):
            rows = AuditLog.objects.filter(action="recordings.transcript.read")
            assert [row.subject_id for row in rows] == [call.id, call.id]
            assert {row.actor_kind for row in rows} == {"api_key"}
            assert rows[0].facts == {"lines": 3}


class TestStrangers:
    PATHS = ("calls/{}/", "calls/{}/transcript/")

    @pytest.mark.parametrize("path", PATHS)
    def test_do_not_find_what_is_another_clinics(self, birch, path):
        call = make_call(ALDER)

        theirs = birch.get(path.format(call.id))
        nobodys = birch.get(path.format(uuid4()))

        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json() == nobodys.json()
        assert theirs.json()["code"] == "call_not_found"
        with tenancy.scope(BIRCH.id):
            assert not AuditLog.objects.filter(
                action="recordings.transcript.read"
            ).exists()

    def test_see_only_their_own_list(self, birch):
        make_call(ALDER)

        assert birch.get("calls/").json()["results"] == []

    @pytest.mark.parametrize(
        "path", ["calls/", "appointments/", "messages/", "agents/"]
    )
    @pytest.mark.parametrize(
        "key", ["", "Api-Key sv_000000000000_wrong", "Api-Key x", "Bearer x"]
    )
    def test_without_a_key_get_nothing(self, alder, client, path, key):
        answer = client.get(f"/api/v1/{path}", headers={"authorization": key})

        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Api-Key, Bearer"

    @pytest.mark.parametrize(
        ("path", "scope", "status"),
        [
            ("calls/", "calls:read", 200),
            ("agents/", "calls:read", 200),
            ("appointments/", "calls:read", 403),
            ("messages/", "calls:read", 403),
            ("calls/", "messages:read", 403),
            ("messages/", "messages:read", 200),
            ("appointments/", "appointments:read", 200),
        ],
    )
    def test_get_what_their_key_grants(self, clinics, path, scope, status):
        answer = desk_of(ALDER, scopes=[scope]).get(path)

        assert answer.status_code == status
        if status == 403:
            assert answer.json()["code"] == "permission_denied"

    def test_meet_a_problem_document_where_nothing_is(self, alder):
        answer = alder.get("nothing/here/")

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    def test_cannot_write(self, alder):
        answer = alder.client.post(
            "/api/v1/calls/", headers={"authorization": alder.authorization}
        )

        assert (answer.status_code, answer.json()["code"]) == (
            405,
            "method_not_allowed",
        )
