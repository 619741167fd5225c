import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from compliance.asking import limits
from compliance.asking.contact import open_contact
from compliance.asking.models import Asking
from compliance.asking.services.clear_askings import clear_askings, seal_anew
from compliance.asking.way_in import asking_desk
from sondervoice.kernel.clock import utc_now
from tests.cast import HANNAH, OMAR
from tests.integration.accounts.joining.letters import run_jobs
from tests.integration.compliance.asking.conftest import (
    FORM,
    MAIL,
    actions,
    askings,
    waiting_jobs,
)

OLD, NEW = "old-secret-" + "x" * 40, "new-secret-" + "y" * 40
KNOWN, UNKNOWN = (HANNAH, MAIL), (OMAR, "omarah@home.example")


def _columns() -> bytes:
    with connection.cursor() as cursor, asking_desk():
        cursor.execute("SELECT row_to_json(a)::text FROM asking_asking a")
        return "".join(row[0] for row in cursor.fetchall()).encode()


class TestForm:
    def test_is_plain_and_asks_for_little(self, visitor):
        answer = visitor.client.get("/forget-me/")

        assert answer.status_code == 200
        assert b"Number you called from" in answer.content
        assert answer.headers["Cache-Control"] != ""

    def test_keeps_what_is_written_sealed(self, visitor):
        visitor.ask(phone=HANNAH, email=MAIL, words="CANARY of mine", kind="object")

        (asking,) = askings()
        contact = open_contact(asking)
        assert (contact.phone_e164, contact.email) == (HANNAH, MAIL)
        assert contact.words == "CANARY of mine"
        for value in (b"5550136", b"hannah", b"CANARY"):
            assert value not in _columns()

    def test_offers_another_way_where_no_texts_can_be_sent(self, visitor, telephone):
        telephone.is_ready = False

        page = visitor.client.get("/forget-me/")
        answer = visitor.ask(phone=HANNAH)

        assert b"it takes your request down" in page.content
        assert b'name="phone"' not in page.content
        assert answer.status_code == 422
        assert askings() == []

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({}, b"Write one of the two"),
            ({"email": MAIL, "kind": "everything"}, b"Choose what you want."),
            ({"email": MAIL, "kind": "rectify"}, b"Write what you mean"),
            ({"email": MAIL, "kind": "object"}, b"Write what you mean"),
            ({"email": "hannah"}, b"not an e-mail address"),
            ({"email": "hannah@home.example\nBcc: eve@x.example"}, b"not an e-mail"),
            ({"email": "hannah@home.example\r\nSubject: x"}, b"not an e-mail"),
            ({"email": "a" * 300 + "@home.example"}, b"not an e-mail address"),
            (
                {"phone": "\u0663\u0661\u0662 \u0665\u0665\u0665"},
                b"Write the whole number",
            ),
            ({"phone": "+1" + "3" * 100}, b"too long"),
            ({"phone": "911"}, b"Write the whole number"),
            ({"email": MAIL, "words": "x" * 1001}, b"at most 1000"),
            ({"email": MAIL, "words": "\x00"}, b"Null characters"),
        ],
    )
    def test_refuses_what_is_none_and_keeps_nothing(self, visitor, form, words):
        answer = visitor.ask(**form)

        assert answer.status_code == 422
        assert words in answer.content
        assert askings() == []
        assert waiting_jobs() == []
        assert actions() == []

    def test_refuses_a_body_of_a_megabyte(self, visitor):
        answer = visitor.ask(email=MAIL, words="x" * 1_000_000)

        assert answer.status_code == 400
        assert askings() == []

    def test_writes_what_a_stranger_typed_as_text(self, visitor):
        answer = visitor.ask(phone='"><script>alert(1)</script>')

        assert b"<script>alert" not in answer.content

    def test_says_the_same_page_to_who_asked_nothing(self, visitor):
        answer = Client().get("/forget-me/sent/")

        assert answer.status_code == 200
        assert b"Nothing was asked in this browser" in answer.content


class TestEnumeration:
    """Known and unknown: the same answer, queries and rows, in the same order."""

    def _posted(self, telephone, phone: str, email: str):
        client = Client()
        client.get("/forget-me/")
        form = {**FORM, "phone": phone, "email": email}
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/forget-me/", form)
        # The next request empties the list.
        shapes = [_shape(one["sql"]) for one in queries.captured_queries]
        page = client.get("/forget-me/sent/")
        headers = {
            name: value
            for name, value in answer.items()
            if name not in {"Set-Cookie", "Content-Length"}
        }
        return answer.status_code, answer.url, headers, shapes, _plain(page.content)

    def test_answers_alike_with_the_same_work(self, visitor, telephone, desk):
        known = self._posted(telephone, *KNOWN)
        unknown = self._posted(telephone, *UNKNOWN)

        assert known == unknown
        assert len(known[3]) > 5
        # No clinic was asked before the answer.
        assert desk.looked == []
        with asking_desk():
            rows = Asking.objects.order_by("id").values_list("kind", "code_number")
            assert list(rows) == [("erase", 1), ("erase", 1)]

    def test_takes_no_hash_and_looks_at_no_clinic(self, visitor, monkeypatch):
        def never(*_args, **_kwargs):
            raise AssertionError

        monkeypatch.setattr("django.contrib.auth.hashers.make_password", never)
        monkeypatch.setattr("accounts.way_in.organization_ids", never)

        assert visitor.ask(phone=HANNAH, email=MAIL).status_code == 302


def _shape(sql: str) -> str:
    """Return how a query begins, without the numbers of savepoints."""
    return re.sub(r'"s[0-9]+_x[0-9]+"', "", sql.partition("(")[0])[:40]


def _plain(page: bytes) -> bytes:
    """Return the page without its one token that is another each time."""
    head, _, rest = page.partition(b'name="csrfmiddlewaretoken" value="')
    return head + rest.partition(b'"')[2]


class TestFloods:
    def test_of_texts_to_one_number_are_stopped(self, visitor, telephone):
        statuses = [
            visitor.client.__class__()
            .post("/forget-me/", {**FORM, "phone": HANNAH})
            .status_code
            for _ in range(5)
        ]
        run_jobs()

        assert statuses == [302, 302, 302, 429, 429]
        assert len(telephone.texts) == 3
        assert len(askings()) == 3

    def test_of_letters_to_one_address_are_stopped(self, visitor):
        statuses = [visitor.ask(email=MAIL).status_code for _ in range(6)]
        run_jobs()

        assert statuses == [302] * 4 + [429] * 2
        assert len(mail.outbox) == 4

    def test_from_one_client_are_stopped(self, visitor):
        statuses = [
            visitor.ask(email=f"person{number}@home.example").status_code
            for number in range(12)
        ]

        assert statuses == [302] * 10 + [429] * 2
        assert len(askings()) == 10

    def test_of_texts_in_a_day_are_stopped_and_told(self, visitor, telephone, settings):
        settings.TEXTS_A_DAY = 2
        settings.SECURITY_MAIL = "security@sondervoice.example"

        for digits in ("36", "71", "64"):
            answer = visitor.ask(phone=f"+131255501{digits}")
        run_jobs()

        assert answer.status_code == 422
        assert b"No more text messages can be sent today" in answer.content
        assert len(telephone.texts) == 2
        assert len(askings()) == 2
        assert [one.subject for one in mail.outbox] == [
            "Text messages are used up for today"
        ]
        assert actions().count("texts_used_up") == 1
        assert visitor.ask(email=MAIL).status_code == 302

    def test_of_links_from_one_client_are_stopped(self, visitor, monkeypatch):
        for _ in range(limits.LINK_CLIENT.tries):
            assert visitor.client.get("/forget-me/link/none/").status_code == 404

        assert visitor.client.get("/forget-me/link/none/").status_code == 429
        assert actions() == ["link_refused"] * limits.LINK_CLIENT.tries


class TestClearing:
    def test_forgets_what_nobody_proved_within_a_day(self, visitor, later):
        visitor.ask(email=MAIL)
        later(hours=23)
        assert clear_askings(now=utc_now()) == 0
        later(hours=2)

        assert clear_askings(now=utc_now()) == 1
        assert askings() == []
        assert actions()[-1] == "cleared"

    def test_forgets_the_rest_thirty_days_after_the_last_answer(
        self, visitor, later, desk
    ):
        visitor.proves_mail("omar@home.example")
        later(days=29)
        assert clear_askings(now=utc_now()) == 0
        later(days=2)

        assert clear_askings(now=utc_now()) == 1
        assert askings() == []

    def test_keeps_what_a_clinic_has_not_answered(self, visitor, later):
        visitor.proves_mail()
        later(days=200)

        assert clear_askings(now=utc_now()) == 0

    def test_seals_anew_after_a_rotation(self, visitor, settings):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
        visitor.ask(phone=HANNAH, email=MAIL)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]

        assert seal_anew() == 1
        assert seal_anew() == 0
        settings.SECRET_KEY_FALLBACKS = []

        assert open_contact(askings()[0]).email == MAIL


class TestRows:
    def test_are_seen_at_the_askings_desk_alone(self, visitor, cast):
        visitor.ask(email=MAIL)

        assert Asking.objects.count() == 0
        with asking_desk():
            assert Asking.objects.count() == 1
        assert Asking.objects.count() == 0
