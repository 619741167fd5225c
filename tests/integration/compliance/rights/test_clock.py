"""The statutory clock: reminders, the day itself, silence, stuck steps, DST."""

import logging
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail

from accounts.models import Organization
from compliance.retention.models import LegalHold
from compliance.rights.errors import RequestRefusedError, RequestSettledError
from compliance.rights.jobs import watch_rights
from compliance.rights.models import RightsRequest
from compliance.rights.services import go_on as going_on
from compliance.rights.services import watch_requests as watching
from compliance.rights.services.decide import extend, refuse
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import MOST_ATTEMPTS, run_waiting
from sondervoice.kernel.models import OutboxJob
from sondervoice.kernel.rights import RightsKind, read_answer
from tests.integration.compliance.retention.nights import THREE, is_gone, is_whole
from tests.integration.compliance.rights.asked import (
    actions,
    found,
    fresh_owner,
    jobs,
    road,
)
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)
OFFICER = "dpo@sondervoice.example"


@pytest.fixture(autouse=True)
def _officer(settings):
    settings.DPO_MAIL = OFFICER


def _tick(cast, three, **span: float) -> list[tuple[str, str]]:
    """Let time pass and the clock look; return who got which letter."""
    mail.outbox.clear()
    three.move(**span)
    watch_rights()
    run_all_jobs(cast)
    return sorted((letter.to[0], letter.subject) for letter in mail.outbox)


def _away(_message):
    raise SMTPServerDisconnected


WAITS = ("ada@alder-clinic.example", "A person's request waits for Alder Clinic")
SILENT = (OFFICER, "A clinic has not answered a person's request")
STUCK = (OFFICER, "A person's request is stuck")


class TestSilence:
    def test_is_reminded_of_twice_then_escalated_and_never_decided(
        self, cast, make_due, three, ask
    ):
        call = make_due(-90)
        request_id = ask()
        # 21:00 of 25 November in Chicago: until 25 December.
        assert found(cast, request_id).due_on == date(2026, 12, 25)

        assert _tick(cast, three, days=14) == []
        assert _tick(cast, three, days=1) == [WAITS]
        assert _tick(cast, three, hours=1) == []
        assert _tick(cast, three, days=10) == [WAITS]
        assert _tick(cast, three, days=5) == [WAITS, SILENT]
        assert _tick(cast, three, days=30) == []

        assert road(cast, request_id) == ["received"]
        assert is_whole(call)
        assert actions(cast, "compliance.rights_request.")[1:] == [
            "compliance.rights_request.reminded",
            "compliance.rights_request.reminded",
            "compliance.rights_request.escalated",
        ]

    def test_that_the_clock_jumped_over_is_told_once(self, cast, make_due, three, ask):
        make_due(-90)
        ask()

        assert _tick(cast, three, days=40) == [WAITS, SILENT]

    def test_is_not_told_of_what_was_decided(self, cast, make_due, three, ask, say_yes):
        make_due(-90)
        say_yes(ask())
        run_all_jobs(cast)

        assert _tick(cast, three, days=40) == []

    def test_goes_to_security_without_an_officer(
        self, cast, make_due, three, ask, settings
    ):
        settings.DPO_MAIL, settings.SECURITY_MAIL = "", "security@sonder.example"
        make_due(-90)
        ask()

        assert _tick(cast, three, days=40) == [
            WAITS,
            ("security@sonder.example", SILENT[1]),
        ]

    def test_says_no_name_or_number(self, cast, make_due, three, ask):
        make_due(-90)
        ask(email="hannah@home.example", words="My name is Hannah")

        _tick(cast, three, days=40)

        bodies = " ".join(letter.body for letter in mail.outbox)
        assert "annah" not in bodies
        assert "555013" not in bodies


class TestClockOfAllClinics:
    def test_goes_on_past_a_clinic_whose_requests_cannot_be_read(
        self, cast, three, monkeypatch, caplog
    ):
        broken = cast.alder.organization.id
        looked = []

        def watch(*, organization_id, now):
            looked.append(organization_id)
            if organization_id == broken:
                raise ValueError("a clinic's name stands here")

        monkeypatch.setattr(watching, "watch_requests", watch)

        with caplog.at_level(logging.CRITICAL):
            watch_rights()

        assert {broken, cast.birch.organization.id} <= set(looked)
        (line,) = (one for one in caplog.records if one.levelname == "CRITICAL")
        assert line.getMessage() == "a clinic's requests were not looked at"
        assert (line.id, line.code) == (str(broken), "ValueError")
        assert "name stands here" not in caplog.text


class TestDay:
    @pytest.mark.parametrize(
        ("zone", "asked", "due"),
        [
            # The clocks go back in Chicago on 1 November, in Berlin on 25 October.
            ("America/Chicago", (2026, 10, 25, 4, 30), date(2026, 11, 23)),
            ("Europe/Berlin", (2026, 10, 24, 22, 30), date(2026, 11, 24)),
            # They go forward in Berlin on 28 March.
            ("Europe/Berlin", (2027, 3, 27, 23, 30), date(2027, 4, 27)),
            # It is the 31st there already.
            ("Pacific/Auckland", (2027, 1, 30, 11, 30), date(2027, 2, 28)),
        ],
    )
    def test_is_of_the_clinics_own_calendar(
        self, cast, make_due, three, ask, zone, asked, due
    ):
        make_due(0)
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(timezone=zone)

        request_id = ask(now=datetime(*asked, tzinfo=UTC))

        assert found(cast, request_id).due_on == due


class TestExtension:
    def _extend(self, cast, request_id, until, reason="There are many", now=THREE):
        with tenancy.scope(cast.alder.organization.id):
            extend(
                actor=fresh_owner(cast),
                request_id=request_id,
                until=until,
                reason=reason,
                now=now,
            )

    def test_puts_the_day_off_once_and_tells_the_person_why(
        self, cast, make_due, three, ask
    ):
        make_due(-90)
        request_id = ask(RightsKind.ACCESS, email="hannah@home.example")

        self._extend(cast, request_id, date(2027, 2, 23))
        run_all_jobs(cast)

        assert found(cast, request_id).due_on == date(2027, 2, 23)
        (letter,) = mail.outbox
        assert letter.to == ["hannah@home.example"]
        assert letter.subject == "Alder Clinic needs more time for your request"
        assert "There are many" in letter.body
        with tenancy.scope(cast.alder.organization.id):
            answer = read_answer(
                organization_id=cast.alder.organization.id, request_id=request_id
            )
        assert (answer.status, answer.reason_words, answer.due_on) == (
            "open",
            "There are many",
            date(2027, 2, 23),
        )
        with pytest.raises(RequestSettledError):
            self._extend(cast, request_id, date(2027, 2, 24))

    def test_is_told_however_long_mail_was_away(
        self, cast, make_due, three, ask, monkeypatch
    ):
        make_due(-90)
        request_id = ask(RightsKind.ACCESS, email="hannah@home.example")
        self._extend(cast, request_id, date(2027, 2, 23))
        with monkeypatch.context() as away, tenancy.scope(cast.alder.organization.id):
            OutboxJob.objects.update(attempts=MOST_ATTEMPTS + 5)
            away.setattr(mail.EmailMessage, "send", _away)
            run_waiting()
        assert mail.outbox == []

        with tenancy.scope(cast.alder.organization.id):
            OutboxJob.objects.update(next_at=THREE - timedelta(days=1))
        run_waiting()

        assert [letter.to for letter in mail.outbox] == [["hannah@home.example"]]

    @pytest.mark.parametrize(
        ("until", "reason"),
        [
            (date(2027, 2, 24), "Later than sixty days"),
            (date(2026, 12, 25), "The same day"),
            (date(2027, 1, 2), "   "),
        ],
    )
    def test_is_refused_when_too_long_or_without_a_reason(
        self, cast, make_due, three, ask, until, reason
    ):
        make_due(-90)
        request_id = ask()

        with pytest.raises(RequestRefusedError):
            self._extend(cast, request_id, until, reason)

        assert found(cast, request_id).extended_at is None
        assert found(cast, request_id).due_on == date(2026, 12, 25)

    def test_is_refused_once_the_day_is_past(self, cast, make_due, three, ask):
        make_due(-90)
        request_id = ask()

        with pytest.raises(RequestSettledError):
            self._extend(
                cast, request_id, date(2027, 2, 1), now=THREE + timedelta(days=31)
            )

        assert found(cast, request_id).extended_at is None


class TestWordsOfTheClinic:
    def test_go_with_who_asked_and_thirty_days_after_a_refusal(
        self, cast, make_due, three, ask
    ):
        make_due(-90)
        request_id = ask()
        with tenancy.scope(cast.alder.organization.id):
            may = {"actor": fresh_owner(cast), "request_id": request_id, "now": THREE}
            extend(until=date(2027, 1, 9), reason="Hannah Wells asked much", **may)
            assert bytes(found(cast, request_id).extension_sealed) != b""
            refuse(ground="claims", words="Hannah Wells sues us.", **may)

        def told() -> str:
            with tenancy.scope(cast.alder.organization.id):
                return read_answer(
                    organization_id=cast.alder.organization.id, request_id=request_id
                ).reason_words

        assert bytes(found(cast, request_id).extension_sealed) == b""
        _tick(cast, three, days=29)
        law = "Needed for a legal claim (Art. 17(3)(e))."
        assert told() == f"{law} Hannah Wells sues us."

        _tick(cast, three, days=1)

        assert bytes(found(cast, request_id).refusal_sealed) == b""
        assert told() == law
        said = "compliance.rights_request.words_forgotten"
        assert actions(cast)[-1] == said


class TestStuckStep:
    def test_reaches_the_officer_after_a_day_and_each_day_and_goes_on(
        self, cast, make_due, three, ask, say_yes, caplog
    ):
        call = make_due(-90)
        request_id = ask()
        say_yes(request_id)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(going_on, "is_settled", lambda run: False)
            run_all_jobs(cast)
            assert road(cast, request_id)[-1] == "copies"
            assert _tick(cast, three, hours=23) == []
            with caplog.at_level(logging.CRITICAL):
                assert _tick(cast, three, hours=1) == [STUCK]
            # The certificate's job waits meanwhile for the record to be sealed.
            criticals = [one for one in caplog.records if one.levelname == "CRITICAL"]
            assert [one.getMessage() for one in criticals] == ["a request is stuck"]
            assert _tick(cast, three, hours=5) == []
            assert _tick(cast, three, hours=19) == [STUCK]
        assert is_gone(call)

        with tenancy.scope(cast.alder.organization.id):
            RightsRequest.objects.update(stuck_at=None)
        _tick(cast, three, hours=1)

        assert road(cast, request_id)[-1] == "answered"
        assert jobs(cast, "compliance.rights_tell_officer") == 3

    def test_is_not_what_a_hold_keeps(self, cast, make_due, three, ask, say_yes):
        make_due(-90)
        with tenancy.scope(cast.alder.organization.id):
            LegalHold.objects.create(
                organization_id=cast.alder.organization.id,
                scope="all",
                reason_sealed=b"sealed",
                review_on=THREE.date(),
                placed_at=THREE,
                placed_by=cast.ada.id,
            )
        request_id = ask()
        say_yes(request_id)
        run_all_jobs(cast)

        assert _tick(cast, three, days=10) == []
        assert road(cast, request_id)[-1] == "held"
