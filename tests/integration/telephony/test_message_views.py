from django.test import Client

from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from telephony.messages.models import Message
from tests.cast import Cast
from tests.cast_day import Day
from tests.cast_fixtures import SignIn


def _message(cast: Cast, day: Day) -> Message:
    with tenancy.scope(cast.alder.organization.id):
        return Message.objects.select_related("handled_by").get(call=day.message)


def _actions(cast: Cast, message: Message) -> list[str]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(subject_id=message.id).order_by("at", "id")
        return list(rows.values_list("action", flat=True))


class TestMessages:
    def test_stand_urgent_first(self, cast: Cast, day: Day, signed_in: SignIn):
        answer = signed_in(cast.ada).get("/app/messages/")

        assert [row.title for row in answer.context["rows"]] == [
            "Ruth Callahan",
            "Omar Haddad",
            "Caller erased",
        ]

    def test_leave_one_row_in_the_record_a_look(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.cy)

        client.get("/app/messages/")
        client.get("/app/messages/?show=handled")

        with tenancy.scope(cast.alder.organization.id):
            rows = AuditLog.objects.filter(action="telephony.messages.viewed")
            looks = [(row.actor_id, row.fields, row.facts) for row in rows]
        assert looks == [
            (cast.cy.id, ["text", "name", "phone"], {"count": 3, "is_handled": False}),
            (cast.cy.id, ["text", "name", "phone"], {"count": 0, "is_handled": True}),
        ]

    def test_are_handled_by_who_says_so_and_undone(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client, message = signed_in(cast.ben), _message(cast, day)

        answer = client.post(f"/app/messages/{message.id}/handle/", {"back": "/app/"})
        handled = _message(cast, day)
        offer = client.get(answer.headers["Location"]).content.decode()
        client.post(f"/app/messages/{message.id}/reopen/")

        assert answer.headers["Location"] == f"/app/?done={message.id}"
        assert handled.status == "handled"
        assert handled.handled_by_id == cast.ben.id
        assert "Undo" in offer
        assert _message(cast, day).status == "new"
        assert _message(cast, day).handled_by_id is None
        assert _actions(cast, message) == [
            "messages.message.handled",
            "messages.message.reopened",
        ]

    def test_keep_who_handled_them_first(self, cast: Cast, day: Day, signed_in: SignIn):
        message = _message(cast, day)
        address = f"/app/messages/{message.id}/handle/"

        signed_in(cast.ben).post(address)
        signed_in(cast.ada).post(address)

        assert _message(cast, day).handled_by_id == cast.ben.id
        assert _actions(cast, message) == ["messages.message.handled"]

    def test_are_not_an_auditors_to_handle(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        message = _message(cast, day)

        answer = signed_in(cast.cy).post(f"/app/messages/{message.id}/handle/")

        assert answer.status_code == 403
        assert _message(cast, day).status == "new"

    def test_are_nothing_to_another_clinic(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        message = _message(cast, day)

        answer = signed_in(cast.dot).post(f"/app/messages/{message.id}/handle/")

        assert answer.status_code == 404
        assert _message(cast, day).status == "new"

    def test_are_nothing_to_a_stranger(self, cast: Cast, day: Day):
        message = _message(cast, day)

        answer = Client().post(f"/app/messages/{message.id}/handle/")

        assert answer.status_code == 302
        assert answer.headers["Location"] == "/accounts/login/?next=/app/"
        assert _message(cast, day).status == "new"

    def test_lead_back_to_addresses_of_ours_alone(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        message = _message(cast, day)

        answer = signed_in(cast.ben).post(
            f"/app/messages/{message.id}/handle/", {"back": "//evil.example/app/"}
        )

        assert answer.headers["Location"] == f"/app/messages/?done={message.id}"
