"""Who may delete what, and what stays when it is refused."""

from datetime import timedelta

import pytest

from accounts.models import Organization
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.soft_delete import RESTORABLE_FOR
from telephony.messages.models import Message
from telephony.models import Call
from telephony.scheduling.models import Appointment
from tests.cast_calls import leave_message, make_appointment, make_call
from tests.cast_fixtures import cast, signed_in

__all__ = ["cast", "signed_in"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(cast):
    with tenancy.scope(cast.alder.organization.id):
        call = make_call(cast.alder, at=utc_now() - timedelta(hours=2), name="Nora")
        leave_message(call, "Please call back.")
    return call


def _states(cast) -> list[object]:
    with tenancy.scope(cast.alder.organization.id):
        return [
            row
            for model in (Call, Message, Appointment)
            for row in model.with_deleted.values_list("id", "deleted_at", "deleted_by")
        ]


def _actions(cast) -> list[str]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action__startswith="telephony.row.")
        return list(rows.order_by("at", "id").values_list("action", flat=True))


class TestDelete:
    def test_hides_a_call_and_offers_to_undo(self, cast, signed_in, call):
        ada, before = signed_in(cast.ada), utc_now()

        asked = ada.get(f"/app/calls/{call.id}/delete/")
        answer = ada.post(f"/app/calls/{call.id}/delete/", follow=True)

        assert b"disappears at once" in asked.content
        assert b"Deleted." in answer.content
        with tenancy.scope(call.organization_id):
            row = Call.with_deleted.get(pk=call.id)
        assert row.deleted_by == cast.ada.id
        assert row.restorable_until - row.deleted_at == RESTORABLE_FOR
        assert row.deleted_at >= before

        undone = ada.post(
            f"/app/settings/bin/calls/{call.id}/restore/",
            {"back": "/app/calls/"},
            follow=True,
        )

        assert b"Brought back." in undone.content
        assert ada.get(f"/app/calls/{call.id}/").status_code == 200
        assert _actions(cast) == ["telephony.row.deleted", "telephony.row.restored"]

    def test_hides_a_message_and_leaves_its_call(self, cast, signed_in, call):
        ada = signed_in(cast.ada)
        with tenancy.scope(call.organization_id):
            message_id = call.messages.get().id

        ada.post(f"/app/messages/{message_id}/delete/")

        assert b"No new messages." in ada.get("/app/messages/").content
        assert b"Please call back." not in ada.get(f"/app/calls/{call.id}/").content
        assert b"Message, " in ada.get("/app/settings/bin/").content

    @pytest.mark.parametrize("who", ["ben", "cy", "dot"])
    def test_is_refused_to_whom_it_is_not_granted(self, cast, signed_in, call, who):
        before = _states(cast)

        client = signed_in(getattr(cast, who))
        answer = client.post(f"/app/calls/{call.id}/delete/")

        assert answer.status_code == (404 if who == "dot" else 403)
        assert _states(cast) == before
        assert _actions(cast) == []

    def test_is_refused_of_a_call_that_goes_on(self, cast, signed_in, call):
        with tenancy.scope(call.organization_id):
            Call.objects.filter(pk=call.id).update(status="live", ended_at=None)
        before = _states(cast)

        answer = signed_in(cast.ada).post(f"/app/calls/{call.id}/delete/")

        assert answer.status_code == 422
        assert _states(cast) == before

    @pytest.mark.parametrize(
        ("hours", "fields", "status"),
        [
            (-1, {}, 302),
            (1, {}, 422),
            (1, {"status": "cancelled"}, 302),
        ],
    )
    def test_takes_a_visit_that_is_over_or_off(
        self, cast, signed_in, hours, fields, status
    ):
        with tenancy.scope(cast.alder.organization.id):
            visit = make_appointment(
                cast.alder,
                starts_at=utc_now() + timedelta(hours=hours),
                name="Nora",
                **fields,
            )

        answer = signed_in(cast.ada).post(f"/app/diary/{visit.id}/delete/")

        assert answer.status_code == status
        with tenancy.scope(cast.alder.organization.id):
            assert Appointment.objects.count() == (status == 422)

    @pytest.mark.parametrize(("is_hipaa", "status"), [(True, 403), (False, 302)])
    def test_asks_for_a_fresh_factor_in_hipaa_mode(
        self, cast, signed_in, call, is_hipaa, status
    ):
        ada = signed_in(cast.ada)
        _let_grow_old(ada)
        with tenancy.scope(call.organization_id):
            Organization.objects.update(hipaa_mode=is_hipaa)

        answer = ada.post(f"/app/calls/{call.id}/delete/")

        assert answer.status_code == status
        with tenancy.scope(call.organization_id):
            assert Call.objects.count() == is_hipaa


class TestEraseNow:
    @pytest.fixture
    def binned(self, cast, call):
        now = utc_now()
        with tenancy.scope(call.organization_id):
            Call.objects.filter(pk=call.id).update(
                deleted_at=now,
                deleted_by=cast.ada.id,
                restorable_until=now + RESTORABLE_FOR,
            )
        return f"/app/settings/bin/calls/{call.id}/erase/"

    def test_asks_for_the_word(self, cast, signed_in, binned):
        ada = signed_in(cast.ada)

        answer = ada.post(binned, {"word": "yes"})

        assert answer.status_code == 422
        assert _actions(cast) == []
        assert ada.post(binned, {"word": "Erase"}).status_code == 302
        assert _actions(cast) == ["telephony.row.erased"]

    def test_asks_for_a_fresh_factor(self, cast, signed_in, binned):
        ada = signed_in(cast.ada)
        _let_grow_old(ada)

        answer = ada.post(binned, {"word": "erase"})

        assert (answer.status_code, _actions(cast)) == (403, [])

    def test_is_not_there_for_what_is_not_in_the_bin(self, cast, signed_in, call):
        path = f"/app/settings/bin/calls/{call.id}/erase/"

        ada = signed_in(cast.ada)

        assert ada.get(path).status_code == 404
        assert ada.post(path, {"word": "erase"}).status_code == 404
        assert ada.get(path.replace("calls", "clouds")).status_code == 404


def _let_grow_old(client) -> None:
    session = client.session
    shown = utc_now() - timedelta(minutes=6)
    session["second_factor_at"] = int(shown.timestamp())
    session.save()
