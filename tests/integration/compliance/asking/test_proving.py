import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from compliance.asking.links import LinkPurpose, make_link
from compliance.asking.services.clear_askings import clear_askings
from compliance.ledger.models import AuditLog
from sondervoice.kernel.clock import utc_now
from tests.cast import HANNAH
from tests.integration.compliance.asking.conftest import (
    MAIL,
    actions,
    askings,
    link_in_letter,
    run_all,
)

OLD, NEW = "old-secret-" + "x" * 40, "new-secret-" + "y" * 40


def _open(client, path: str):
    """Follow the link as a browser does, and return the last answer."""
    return client.get(path, follow=True)


def _faults() -> list[str]:
    rows = AuditLog.unscoped.filter(action="compliance.asking.link_refused")
    return [row.facts["fault"] for row in rows.order_by("at", "id")]


def _is_dead(answer) -> bool:
    return answer.status_code == 404 and b"This link opens nothing" in answer.content


class TestMailLink:
    def test_is_sent_and_says_nothing_of_the_form(self, visitor):
        visitor.asks(email="Hannah@Home.example", words="CANARY-of-the-form")

        (letter,) = mail.outbox
        assert letter.to == [MAIL]
        assert "CANARY" not in letter.body
        assert "Erase my data" in letter.body
        assert MAIL not in letter.body
        assert actions() == ["opened"]

    def test_proves_the_mailbox_once_the_form_is_sent(self, visitor, desk):
        visitor.asks(email=MAIL)

        first = visitor.client.get(link_in_letter())
        assert (first.status_code, first.url) == (302, "/forget-me/confirm/")
        assert first.headers["Referrer-Policy"] == "no-referrer"
        assert first.headers["Cache-Control"] != ""
        assert b"Erase my data?" in visitor.client.get(first.url).content
        answer = visitor.client.post("/forget-me/confirm/")

        assert (answer.status_code, answer.url) == (302, "/forget-me/done/")
        assert askings()[0].email_proven_at is not None
        assert actions() == ["opened", "proven"]

    def test_changes_nothing_when_a_scanner_follows_it(self, visitor, desk):
        visitor.asks(email=MAIL)
        path = link_in_letter()

        for _ in range(3):
            scanner = Client()
            assert _open(scanner, path).status_code == 200
            assert scanner.head(path).status_code in {200, 302, 405}
            assert scanner.post(path).status_code == 405
        run_all()

        assert askings()[0].email_proven_at is None
        assert desk.looked == []
        assert actions() == ["opened"]
        assert visitor.client.get(path).status_code == 302

    def test_is_worth_nothing_the_second_time(self, visitor, desk):
        visitor.proves_mail()
        before, opened = askings()[0].email_proven_at, dict(desk.opened)

        answer = _open(Client(), link_in_letter(0))
        again = visitor.client.post("/forget-me/confirm/")

        assert _is_dead(answer)
        assert _is_dead(again)
        assert _faults() == ["used"]
        assert askings()[0].email_proven_at == before
        assert desk.opened == opened

    def test_confirmed_in_two_browsers_counts_once(self, visitor, desk):
        visitor.asks(email=MAIL)
        other = Client()
        _open(other, link_in_letter())
        _open(visitor.client, link_in_letter())
        visitor.client.post("/forget-me/confirm/")

        assert _is_dead(other.post("/forget-me/confirm/"))
        assert _faults() == ["used"]
        assert actions().count("proven") == 1

    def test_expires_after_a_day(self, visitor, later, desk):
        visitor.asks(email=MAIL)
        asking = askings()[0]
        path = link_in_letter()
        token = make_link(
            LinkPurpose.CONFIRM,
            asking_id=asking.id,
            contact=MAIL,
            expires_at=asking.asked_at + timedelta(hours=24),
        )
        assert path == f"/forget-me/link/{token}/"
        old = make_link(
            LinkPurpose.CONFIRM, asking_id=asking.id, contact=MAIL, expires_at=utc_now()
        )

        answer = _open(Client(), f"/forget-me/link/{old}/")

        assert _is_dead(answer)
        assert _faults() == ["expired"]
        assert askings()[0].email_proven_at is None

    @pytest.mark.parametrize(
        ("spoil", "fault"),
        [
            (lambda token: token[:-6] + "AAAAAA", "forged"),
            (lambda token: token[:-2], "shape"),
            (lambda token: "00000000" + token[8:], "key"),
            (lambda token: "nonsense", "shape"),
            (lambda token: token + ".more", "shape"),
            (lambda token: token.replace(".", "%2e%2e"), "shape"),
        ],
    )
    def test_spoilt_opens_nothing(self, visitor, spoil, fault):
        visitor.asks(email=MAIL)
        token = link_in_letter().split("/")[3]

        answer = _open(Client(), f"/forget-me/link/{spoil(token)}/")

        assert _is_dead(answer)
        assert _faults() == [fault]
        assert actions() == ["opened", "link_refused"]
        assert askings()[0].email_proven_at is None

    @pytest.mark.parametrize("purpose", [LinkPurpose.STATUS, LinkPurpose.PACKAGE])
    def test_of_another_purpose_opens_nothing(self, visitor, purpose):
        visitor.asks(email=MAIL)
        token = make_link(
            purpose,
            asking_id=askings()[0].id,
            contact=MAIL,
            expires_at=utc_now() + timedelta(hours=1),
        )

        assert _is_dead(_open(Client(), f"/forget-me/link/{token}/"))
        assert _faults() == ["forged"]

    def test_of_an_old_key_holds_in_its_grace_and_not_after(self, visitor, settings):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
        visitor.asks(email=MAIL)
        path = link_in_letter()

        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
        assert Client().get(path).status_code == 302
        settings.SECRET_KEY_FALLBACKS = []
        assert _is_dead(_open(Client(), path))

        assert _faults() == ["key"]
        assert askings()[0].email_proven_at is None

    def test_of_a_forgotten_asking_opens_nothing(self, visitor, later):
        visitor.asks(email=MAIL)
        path = link_in_letter()
        later(days=2)
        assert clear_askings(now=utc_now()) == 1

        assert _is_dead(_open(Client(), path))
        assert _faults() == ["unknown"]


class TestCode:
    def test_goes_to_the_number_and_proves_it(self, visitor, telephone):
        visitor.asks(phone="(312) 555-0136")

        (text,) = telephone.texts
        assert text.to_e164 == HANNAH
        assert len(text.text) <= 160
        answer = visitor.type_code()

        assert (answer.status_code, answer.url) == (302, "/forget-me/done/")
        assert askings()[0].phone_proven_at is not None
        assert actions() == ["opened", "proven"]

    def test_wrong_proves_nothing_and_is_written_down(self, visitor, telephone):
        visitor.asks(phone=HANNAH)
        wrong = f"{(int(visitor.code()) + 1) % 1_000_000:06}"

        answer = visitor.type_code(wrong)

        assert answer.status_code == 422
        assert b"This code is not right" in answer.content
        assert askings()[0].phone_proven_at is None
        assert actions() == ["opened", "code_refused"]

    def test_is_looked_at_five_times(self, visitor, telephone):
        visitor.asks(phone=HANNAH)
        right = visitor.code()
        wrong = f"{(int(right) + 1) % 1_000_000:06}"

        statuses = [visitor.type_code(wrong).status_code for _ in range(5)]
        last = visitor.type_code(right)

        assert statuses == [422] * 5
        assert last.status_code == 429
        assert askings()[0].phone_proven_at is None

    def test_is_too_old_after_ten_minutes(self, visitor, later):
        visitor.asks(phone=HANNAH)
        later(minutes=10)

        assert visitor.type_code().status_code == 422
        assert askings()[0].phone_proven_at is None

    def test_is_worth_nothing_in_another_browser(self, visitor):
        visitor.asks(phone=HANNAH)

        answer = Client().post("/forget-me/code/", {"code": visitor.code()})

        assert (answer.status_code, answer.url) == (302, "/forget-me/")
        assert askings()[0].phone_proven_at is None

    def test_that_is_late_is_not_sent_at_all(self, visitor, later, telephone):
        visitor.ask(phone=HANNAH)
        later(minutes=10)
        run_all()

        assert telephone.texts == []

    def test_that_went_by_mail_proves_no_number(self, visitor, desk):
        # Eve owns the mailbox, and gives Hannah's number with it.
        visitor.asks(phone=HANNAH, email="eve@elsewhere.example")
        visitor.client.get(link_in_letter())
        visitor.client.post("/forget-me/confirm/")
        run_all()
        visitor.client.get(link_in_letter(1), follow=True)
        visitor.client.post("/forget-me/status/", {"send": "1"})
        run_all()
        (by_mail,) = re.findall(r"\b\d{6}\b", str(mail.outbox[-1].body))

        answer = visitor.type_code(by_mail)

        assert answer.status_code == 422
        assert askings()[0].phone_proven_at is None
        assert desk.opened == {}

    def test_that_proves_the_number_shows_no_answers(self, visitor, desk):
        visitor.asks(phone=HANNAH, email=MAIL)
        visitor.client.get(link_in_letter())
        visitor.client.post("/forget-me/confirm/")
        run_all()
        client = Client()
        client.get(link_in_letter(), follow=True)

        answer = client.post("/forget-me/status/", {"code": visitor.code()})

        assert answer.status_code == 422
        assert b"Alder" not in client.get("/forget-me/status/").content
