from django.core import mail

from compliance.asking.models import AskedClinic
from compliance.asking.services.spread_asking import ask_clinic, spread_asking
from compliance.asking.services.watch_askings import watch_askings
from compliance.asking.way_in import asking_desk
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from sondervoice.kernel.rights import Person, RightsKind
from tests.cast import HANNAH, OMAR, Cast
from tests.integration.accounts.joining.letters import run_jobs
from tests.integration.compliance.asking.conftest import (
    MAIL,
    actions,
    asked_clinics,
    askings,
    run_all,
)


def _clinics_rows(cast: Cast) -> list[tuple[int, int]]:
    """Return how many rows of the record and jobs each clinic has."""
    found = []
    for clinic in (cast.alder, cast.birch):
        with tenancy.scope(clinic.organization.id):
            found.append((AuditLog.objects.count(), OutboxJob.objects.count()))
    return found


class TestSpread:
    def test_asks_each_clinic_in_its_own_scope(self, visitor, desk, cast):
        visitor.proves_phone(words="All of it, please")
        person = Person(phone_e164=HANNAH)

        alder, birch = cast.alder.organization.id, cast.birch.organization.id
        words = "All of it, please"
        assert len(desk.looked) == 2
        assert (alder, person, words) in desk.looked
        assert (birch, person, words) in desk.looked
        assert asked_clinics() == [("open", True), ("unknown", False)]
        assert list(desk.opened) == [(alder, askings()[0].id, RightsKind.ERASE)]
        assert actions() == ["opened", "proven", "settled"]
        settled = AuditLog.unscoped.get(action="compliance.asking.settled")
        assert settled.facts == {"clinics": 2, "known": 1}

    def test_of_several_that_know_them_opens_one_each(self, visitor, desk, cast):
        desk.knows[cast.birch.organization.id] = {HANNAH}

        visitor.proves_phone(kind="access")

        assert asked_clinics() == [("open", True), ("open", True)]
        assert {kind for _, _, kind in desk.opened} == {RightsKind.ACCESS}
        assert len(desk.opened) == 2

    def test_goes_on_where_one_clinic_fails(self, visitor, desk, cast, telephone):
        broken = cast.alder.organization.id
        desk.knows[cast.birch.organization.id] = {HANNAH}
        desk.broken = {broken}

        visitor.proves_phone()

        assert asked_clinics() == [("open", True), ("waiting", False)]
        assert askings()[0].settled_at is None
        desk.broken = set()
        with asking_desk():
            waiting = AskedClinic.objects.get(status="waiting")
        ask_clinic(asked_id=waiting.id, now=utc_now())
        assert asked_clinics() == [("open", True), ("open", True)]
        assert askings()[0].settled_at is not None

    def test_leaves_nothing_at_a_clinic_for_an_unknown_caller(
        self, visitor, desk, cast
    ):
        before = _clinics_rows(cast)

        visitor.proves_phone(OMAR)

        assert _clinics_rows(cast) == before
        assert asked_clinics() == [("unknown", False), ("unknown", False)]
        assert desk.opened == {}

    def test_twice_asks_nobody_twice(self, visitor, desk):
        visitor.proves_phone()
        (asking,) = askings()

        spread_asking(asking_id=asking.id, now=utc_now())
        run_all()

        assert len(desk.opened) == 1
        assert asked_clinics() == [("open", True), ("unknown", False)]

    def test_of_what_is_not_proven_asks_nobody(self, visitor, desk):
        visitor.asks(phone=HANNAH, email=MAIL)

        spread_asking(asking_id=askings()[0].id, now=utc_now())
        run_all()

        assert asked_clinics() == []
        assert desk.looked == []

    def test_tells_a_clinic_only_what_was_proven(self, visitor, desk):
        # The number may be somebody else's, as long as nobody has shown it.
        visitor.asks(phone=OMAR, email="eve@elsewhere.example")
        path = [one.body for one in mail.outbox][-1].split("8000")[1].split()[0]
        visitor.client.get(path)
        visitor.client.post("/forget-me/confirm/")
        run_all()

        assert {person for _, person, _ in desk.looked} == {
            Person(email="eve@elsewhere.example")
        }

    def test_asks_again_once_more_is_proven(self, visitor, desk, cast):
        desk.knows[cast.alder.organization.id] = {HANNAH}
        visitor.asks(phone=HANNAH, email=MAIL)
        path = [one.body for one in mail.outbox][-1].split("8000")[1].split()[0]
        visitor.client.get(path)
        visitor.client.post("/forget-me/confirm/")
        run_all()
        assert asked_clinics() == [("unknown", False), ("unknown", False)]
        assert askings()[0].finished_at is not None

        assert visitor.type_code().status_code == 302
        run_all()

        assert asked_clinics() == [("open", True), ("unknown", False)]
        assert desk.looked[-1][1] == Person(phone_e164=HANNAH, email=MAIL)
        assert askings()[0].finished_at is None


class TestTelling:
    def test_says_what_comes_next_and_until_when(self, visitor):
        visitor.proves_mail()

        received = mail.outbox[1]
        assert received.subject == "We are asking the clinics for you"
        assert received.to == [MAIL]
        assert "answer by" in received.body
        assert "/forget-me/status/" in received.body
        assert len(mail.outbox) == 2

    def test_says_that_nobody_knows_them_where_they_are_proven(self, visitor):
        visitor.proves_mail("omar@home.example")

        assert [one.subject for one in mail.outbox] == [
            "Confirm what you ask of clinics",
            "We are asking the clinics for you",
            "No clinic knows you",
        ]
        assert askings()[0].finished_at is not None

    def test_goes_by_text_to_who_has_a_number_alone(self, visitor, telephone):
        visitor.proves_phone(OMAR)

        assert mail.outbox == []
        assert [one.to_e164 for one in telephone.texts] == [OMAR] * 3
        assert "No clinic" in telephone.texts[-1].text

    def test_says_of_each_answer_that_it_is_there_and_not_whose(
        self, visitor, desk, cast
    ):
        visitor.proves_mail()
        mail.outbox.clear()

        request_id = desk.conclude(cast.alder.organization.id)
        run_all()

        (letter,) = mail.outbox
        assert letter.subject == "There is an answer for you"
        assert "Alder" not in letter.body
        assert asked_clinics() == [("answered", True), ("unknown", False)]
        assert askings()[0].finished_at is not None
        assert actions()[-1] == "answered"
        row = AuditLog.unscoped.get(action="compliance.asking.answered")
        assert row.facts == {"request_id": str(request_id)}

    def test_says_it_once_however_often_it_is_heard(self, visitor, desk, cast):
        visitor.proves_mail()
        mail.outbox.clear()

        for _ in range(3):
            desk.conclude(cast.alder.organization.id)
        run_all()

        assert len(mail.outbox) == 1
        assert actions().count("answered") == 1

    def test_passes_over_a_request_that_nobody_asked_here(self, visitor, desk, cast):
        visitor.proves_mail()
        mail.outbox.clear()
        ((key, request_id),) = desk.opened.items()
        desk.opened = {(key[0], request_id, key[2]): request_id}

        desk.conclude(cast.alder.organization.id)
        run_all()

        assert mail.outbox == []
        assert asked_clinics() == [("open", True), ("unknown", False)]


class TestWatch:
    def test_warns_once_a_day_of_a_clinic_that_cannot_be_asked(
        self, visitor, desk, cast, later, settings
    ):
        settings.DPO_MAIL = "dpo@sondervoice.example"
        desk.broken = {cast.alder.organization.id}
        visitor.proves_mail()
        mail.outbox.clear()

        assert watch_askings(now=utc_now()) == 0
        later(hours=25)
        for _ in range(3):
            assert watch_askings(now=utc_now()) == 1
        run_jobs()

        assert [one.subject for one in mail.outbox] == ["Clinics cannot be asked"]
        assert actions().count("stuck") == 1
