import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from compliance.asking.models import AskedClinic, Asking
from compliance.asking.way_in import asking_desk
from compliance.ledger.models import AuditLog
from sondervoice.kernel import outbound, rights
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import run_waiting
from sondervoice.kernel.models import OutboxJob
from tests.cast import HANNAH, Cast
from tests.clock import stopped_clock
from tests.integration.accounts.joining.letters import run_jobs
from tests.integration.compliance.asking.desk import FakeDesk, Telephone

__all__ = ["stopped_clock"]

MAIL = "hannah@home.example"
FORM = {"kind": "erase", "phone": "", "email": "", "words": ""}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> FakeDesk:
    """Alder Clinic knows Hannah by her number and her mail."""
    made = FakeDesk(knows={cast.alder.organization.id: {HANNAH, MAIL}})
    monkeypatch.setattr(rights, "_open_request", [made.open_request])
    monkeypatch.setattr(rights, "_answers", [(made.read_answer, made.open_package)])
    return made


@pytest.fixture
def telephone(monkeypatch: pytest.MonkeyPatch) -> Telephone:
    made = Telephone()
    sender = (made.texts.append, lambda: made.is_ready)
    monkeypatch.setattr(outbound, "_texts", [sender])
    return made


class Visitor:
    """Somebody with a browser at `/forget-me/`."""

    def __init__(self, telephone: Telephone) -> None:
        self.client = Client()
        self._telephone = telephone

    def ask(self, **form: str):
        return self.client.post("/forget-me/", {**FORM, **form})

    def asks(self, **form: str) -> "Visitor":
        """Ask, and have all jobs run."""
        assert self.ask(**form).status_code == 302
        run_jobs()
        return self

    def code(self) -> str:
        """Return the code of the newest text message."""
        (digits,) = re.findall(r"\b\d{6}\b", self._telephone.texts[-1].text)
        return digits

    def type_code(self, code: str | None = None):
        typed = self.code() if code is None else code
        return self.client.post("/forget-me/code/", {"code": typed})

    def proves_phone(self, number: str = HANNAH, **form: str) -> "Visitor":
        self.asks(phone=number, **form)
        answer = self.type_code()
        assert (answer.status_code, answer.url) == (302, "/forget-me/done/")
        run_all()
        return self

    def proves_mail(self, address: str = MAIL, **form: str) -> "Visitor":
        self.asks(email=address, **form)
        self.client.get(link_in_letter(), follow=True)
        answer = self.client.post("/forget-me/confirm/")
        assert (answer.status_code, answer.url) == (302, "/forget-me/done/")
        run_all()
        return self


@pytest.fixture
def visitor(desk: FakeDesk, telephone: Telephone) -> Visitor:
    return Visitor(telephone)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Make every asking, with what it waits for, older."""

    def age(**span: float) -> None:
        by = timedelta(**span)
        with asking_desk():
            for row in Asking.objects.all():
                for name in ("asked_at", "code_asked_at", "settled_at", "finished_at"):
                    at = getattr(row, name)
                    setattr(row, name, at and at - by)
                row.save()

    return age


def link_in_letter(number: int = -1) -> str:
    """Return the path of the link in the newest letter, or another."""
    links = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", str(mail.outbox[number].body))
    return links[0]


def run_all() -> None:
    """Run what waits and what that leaves."""
    for _ in range(4):
        run_jobs()
    run_waiting()


def askings() -> list[Asking]:
    with asking_desk():
        return list(Asking.objects.order_by("id"))


def asked_clinics() -> list[tuple[str, bool]]:
    """Return the status of each clinic asked, and whether it has a request."""
    with asking_desk():
        rows = AskedClinic.objects.order_by("status", "clinic_id")
        return [(one.status, one.request_id is not None) for one in rows]


def actions(start: str = "compliance.asking.") -> list[str]:
    """Return what the record of no clinic says, oldest first."""
    rows = AuditLog.unscoped.filter(action__startswith=start).order_by("at", "id")
    return [row.action.removeprefix(start) for row in rows]


def waiting_jobs() -> list[str]:
    rows = OutboxJob.objects.filter(done_at=None, failed_at=None).order_by("id")
    return [row.task for row in rows]


def now_s() -> int:
    return int(utc_now().timestamp())
