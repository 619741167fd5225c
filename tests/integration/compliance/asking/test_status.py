import re
from datetime import date

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Organization
from compliance.asking.links import LinkPurpose, make_link
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import HANNAH
from tests.integration.accounts.joining.letters import run_jobs
from tests.integration.compliance.asking.conftest import (
    MAIL,
    Visitor,
    actions,
    askings,
    link_in_letter,
    run_all,
)


def _code_in_letter() -> str:
    (digits,) = re.findall(r"\b\d{6}\b", str(mail.outbox[-1].body))
    return digits


def _opens_status(client: Client, path: str) -> None:
    """Follow the link, have a code sent by mail, and type it."""
    client.get(path, follow=True)
    client.post("/forget-me/status/", {"send": "1"})
    run_jobs()
    answer = client.post("/forget-me/status/", {"code": _code_in_letter()})
    assert (answer.status_code, answer.url) == (302, "/forget-me/status/")


@pytest.fixture
def known(visitor: Visitor, desk, cast) -> Visitor:
    """Hannah, proven by mail, whom Alder Clinic has answered; with a link."""
    visitor.proves_mail()
    desk.conclude(cast.alder.organization.id, package_ready=True)
    run_all()
    return visitor


def _faults() -> list[str]:
    rows = AuditLog.unscoped.filter(action="compliance.asking.link_refused")
    return [row.facts["fault"] for row in rows.order_by("at", "id")]


class TestStatus:
    def test_is_shown_once_a_code_was_typed(self, known):
        client = Client()
        first = client.get(link_in_letter())
        assert (first.status_code, first.url) == (302, "/forget-me/status/")
        assert first.headers["Referrer-Policy"] == "no-referrer"
        page = client.get("/forget-me/status/")
        assert b"Alder Clinic" not in page.content
        assert "h•••@home.example" in page.content.decode()

        _opens_status(client, link_in_letter())
        page = client.get("/forget-me/status/").content.decode()

        assert "Alder Clinic" in page
        assert "Done on 30 November 2026." in page
        assert "Fetch the certificate" in page
        assert actions()[-2:] == ["code_asked", "viewed"]

    def test_says_until_when_and_why_a_clinic_takes_longer(self, visitor, desk, cast):
        visitor.proves_mail()
        (request_id,) = desk.opened.values()
        answer = desk.answers[request_id]
        desk.answers[request_id] = type(answer)(
            kind=answer.kind,
            status="open",
            concluded_at=None,
            due_on=date(2099, 1, 15),
            clinic_name="Alder Clinic",
            reason_words="The old recordings are with the archive.",
            package_ready=False,
        )

        _opens_status(visitor.client, link_in_letter())
        page = visitor.client.get("/forget-me/status/").content.decode()

        assert "Due by 15 January 2099." in page
        assert "The clinic needs longer:" in page
        assert "The old recordings are with the archive." in page
        assert "Fetch the file" not in page

    def test_says_that_a_copy_elsewhere_is_not_confirmed(self, visitor, desk, cast):
        visitor.proves_mail()
        desk.conclude(cast.alder.organization.id, has_copy_elsewhere=True)
        run_all()

        _opens_status(visitor.client, link_in_letter())
        page = visitor.client.get("/forget-me/status/").content.decode()

        assert "Done on 30 November 2026." in page
        assert "is not confirmed as gone yet" in page

    def test_says_that_a_clinic_is_still_asked(self, visitor, desk, cast):
        desk.broken = {cast.alder.organization.id}
        visitor.proves_mail()

        _opens_status(visitor.client, link_in_letter())
        page = visitor.client.get("/forget-me/status/").content.decode()

        assert "One clinic has not said yet" in page
        assert "No clinic so far." in page

    def test_goes_by_the_telephone_of_who_proved_that(self, visitor, telephone):
        visitor.proves_phone()
        (path,) = re.findall(r"8000(/\S+)", telephone.texts[-1].text)
        client = Client()

        client.get(path, follow=True)
        client.post("/forget-me/status/", {"send": "1"})
        run_jobs()
        assert telephone.texts[-1].to_e164 == HANNAH
        client.post("/forget-me/status/", {"code": visitor.code()})

        assert b"Alder Clinic" in client.get("/forget-me/status/").content

    def test_is_shut_again_after_a_quarter_of_an_hour(self, known, stopped_clock):
        client = Client()
        _opens_status(client, link_in_letter())
        assert b"Alder Clinic" in client.get("/forget-me/status/").content

        stopped_clock.move(minutes=16)

        answer = client.get("/forget-me/status/")
        assert answer.status_code == 404
        assert b"Alder" not in answer.content

    def test_shows_nothing_for_a_wrong_code(self, known):
        client = Client()
        client.get(link_in_letter(), follow=True)
        client.post("/forget-me/status/", {"send": "1"})
        run_jobs()
        wrong = f"{(int(_code_in_letter()) + 1) % 1_000_000:06}"

        answer = client.post("/forget-me/status/", {"code": wrong})

        assert answer.status_code == 422
        assert b"Alder" not in answer.content
        assert b"Alder" not in client.get("/forget-me/status/").content
        assert actions()[-1] == "code_refused"

    def test_is_not_there_without_a_link(self, known):
        for verb in ("get", "post"):
            answer = getattr(Client(), verb)("/forget-me/status/", {"code": "123456"})
            assert answer.status_code == 404
        assert actions()[-1] == "answered"

    def test_link_that_confirms_shows_nothing(self, known):
        token = link_in_letter(0).split("/")[3]

        assert Client().get(f"/forget-me/status/{token}/").status_code == 404
        assert _faults() == ["forged"]


class TestPackage:
    def _path(self, client: Client) -> str:
        page = client.get("/forget-me/status/").content.decode()
        (path,) = re.findall(r'href="(/forget-me/package/[^"]+)"', page)
        return path

    def test_is_sent_to_who_has_just_shown_a_code(self, known, desk):
        client = Client()
        _opens_status(client, link_in_letter())

        answer = client.get(self._path(client))

        (request_id,) = desk.opened.values()
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content)
        assert body == b"PK-first-" + request_id.bytes
        assert answer.headers["Content-Type"] == "application/zip"
        assert "certificate-of-erasure.zip" in answer.headers["Content-Disposition"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"].startswith("no-store")
        assert actions()[-1] == "package_fetched"

    def test_is_not_sent_to_who_has_the_address_alone(self, known):
        client = Client()
        _opens_status(client, link_in_letter())
        path = self._path(client)

        answer = Client().get(path)

        assert answer.status_code == 404
        assert "package_fetched" not in actions()
        assert _faults() == ["unknown"]

    def test_is_not_sent_after_a_quarter_of_an_hour(self, known, stopped_clock):
        client = Client()
        _opens_status(client, link_in_letter())
        path = self._path(client)
        stopped_clock.move(minutes=15, seconds=1)

        assert client.get(path).status_code == 404
        assert _faults() == ["expired"]

    def test_of_another_request_is_not_sent(self, known, cast):
        client = Client()
        _opens_status(client, link_in_letter())
        with tenancy.scope(cast.alder.organization.id):
            other = Organization.objects.get().id
        token = make_link(
            LinkPurpose.PACKAGE,
            asking_id=askings()[0].id,
            contact=MAIL,
            expires_at=utc_now().replace(year=2099),
            subject_id=other,
        )

        assert client.get(f"/forget-me/package/{token}/").status_code == 404
        assert "package_fetched" not in actions()
