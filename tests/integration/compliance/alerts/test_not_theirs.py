from uuid import UUID

from django.test import Client

from accounts.services.create_api_key import create_api_key
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from tests.cast import NOW, Cast, Clinic
from tests.cast_calls import make_call
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock
from tests.integration.compliance.alerts.record import look, rows, told

REFUSED = "accounts.thing.refused"


def call_of(clinic: Clinic) -> UUID:
    with tenancy.scope(clinic.organization.id):
        return make_call(clinic, at=NOW).id


def seen(clinic: Clinic) -> list[tuple[str, UUID | None, str, UUID | None]]:
    return [
        (row.actor_kind, row.actor_id, row.subject_kind, row.subject_id)
        for row in rows(clinic, REFUSED)
    ]


class TestPage:
    def test_of_another_clinics_call_is_written_down_where_the_asker_is(
        self, cast: Cast, signed_in: SignIn
    ):
        call_id = call_of(cast.birch)
        client = signed_in(cast.ben)
        before = AuditLog.unscoped.count()

        answer = client.get(f"/app/calls/{call_id}/")

        assert answer.status_code == 404
        assert seen(cast.alder) == [("user", cast.ben.id, "call", call_id)]
        assert seen(cast.birch) == []
        assert AuditLog.unscoped.count() == before

    def test_of_nobodys_call_is_written_down_in_the_same_way(
        self, cast: Cast, signed_in: SignIn
    ):
        nobodys, another = uuid7(), call_of(cast.birch)
        client = signed_in(cast.ben)

        for call_id in (nobodys, another):
            assert client.get(f"/app/calls/{call_id}/").status_code == 404

        first, second = rows(cast.alder, REFUSED)
        assert (first.subject_id, second.subject_id) == (nobodys, another)
        assert (first.fields, first.facts) == (second.fields, second.facts) == ([], {})

    def test_of_a_call_without_sound_is_not(self, cast: Cast, signed_in: SignIn):
        call_id = call_of(cast.alder)

        answer = signed_in(cast.ben).post(f"/app/calls/{call_id}/play/")

        assert answer.status_code == 404
        assert seen(cast.alder) == []

    def test_is_written_down_ten_times_a_minute_at_most(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        client = signed_in(cast.ben)

        for _ in range(15):
            client.get(f"/app/calls/{uuid7()}/")
        assert len(seen(cast.alder)) == 10

        stopped_clock.move(seconds=61)
        client.get(f"/app/calls/{uuid7()}/")
        assert len(seen(cast.alder)) == 11

    def test_raises_an_alert_at_the_fifth(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ben)
        for _ in range(5):
            client.get(f"/app/calls/{call_of(cast.birch)}/")

        look()

        assert told(cast.alder) == [("not_theirs", cast.ben.id, 5)]
        assert told(cast.birch) == []


class TestApi:
    def test_asked_by_a_key_is_written_down_of_the_key(self, cast: Cast):
        organization_id, call_id = cast.alder.organization.id, call_of(cast.birch)
        with tenancy.scope(organization_id):
            key = create_api_key(
                organization_id=organization_id,
                name="test",
                scopes=["calls:read"],
                now=NOW,
            )

        answer = Client().get(
            f"/api/v1/calls/{call_id}/", headers={"authorization": f"Api-Key {key}"}
        )

        assert (answer.status_code, answer.json()["code"]) == (404, "call_not_found")
        ((kind, key_id, subject, subject_id),) = seen(cast.alder)
        assert (kind, subject, subject_id) == ("api_key", "call", call_id)
        assert key_id is not None

    def test_asked_by_nobody_is_not(self, cast: Cast):
        answer = Client().get(f"/api/v1/calls/{call_of(cast.birch)}/")

        assert answer.status_code == 401
        assert seen(cast.alder) == seen(cast.birch) == []
