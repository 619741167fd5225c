"""Holds whose day to look again has come."""

from datetime import date, timedelta

import pytest
from django.core import mail

from compliance.ledger.models import AuditLog
from compliance.retention.jobs import holds
from compliance.retention.models import LegalHold
from sondervoice.kernel import tenancy
from tests.integration.compliance.retention.nights import THREE
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)
ADA = "ada@alder-clinic.example"
# Of Chicago, at noon UTC.
TODAY = THREE.date()


@pytest.fixture
def hold(cast, three) -> LegalHold:
    three.move(hours=9)
    return _hold(cast, review_on=TODAY)


def _hold(cast, *, review_on: date, **given) -> LegalHold:
    with tenancy.scope(cast.alder.organization.id):
        return LegalHold.objects.create(
            organization_id=cast.alder.organization.id,
            reason_sealed=b"sealed",
            review_on=review_on,
            placed_at=THREE,
            placed_by=cast.ada.id,
            **{"scope": "all"} | given,
        )


def _letters(cast) -> list[str]:
    """Let the clock look; return who got a letter."""
    mail.outbox.clear()
    holds()
    run_all_jobs(cast)
    return [letter.to[0] for letter in mail.outbox]


class TestHoldsThatAreDue:
    def test_are_told_on_the_day_and_each_week_after(self, cast, hold, three):
        assert _letters(cast) == [ADA]
        (letter,) = mail.outbox
        assert letter.subject == "Alder Clinic: is this still to be held?"
        assert "1 legal hold of Alder Clinic is to be looked at" in letter.body
        assert "/app/settings/retention/" in letter.body

        told = []
        for _ in range(14):
            three.move(days=1)
            told.append(_letters(cast))
        assert told == [*[[]] * 6, [ADA], *[[]] * 6, [ADA]]

    def test_are_told_once_a_day_however_often_the_clock_asks(self, cast, hold, three):
        assert _letters(cast) == [ADA]
        three.move(hours=1)

        assert _letters(cast) == []

    def test_are_not_those_of_tomorrow_nor_those_released(self, cast, hold, three):
        with tenancy.scope(cast.alder.organization.id):
            LegalHold.objects.update(released_at=THREE)
        _hold(cast, review_on=TODAY + timedelta(days=1))

        assert _letters(cast) == []

    def test_are_not_told_when_somebody_was_faster(self, cast, hold):
        holds()
        with tenancy.scope(cast.alder.organization.id):
            LegalHold.objects.update(review_on=TODAY + timedelta(days=90))
        run_all_jobs(cast)

        assert mail.outbox == []


def _says(cast, hold: LegalHold) -> list[bytes]:
    with tenancy.scope(cast.alder.organization.id):
        again = LegalHold.objects.get(pk=hold.pk)
    columns = ("caller_index", "reason_sealed", "release_reason_sealed")
    return [bytes(getattr(again, column)) for column in columns]


class TestReleasedHold:
    def test_forgets_its_reasons_and_its_number_after_thirty_days(
        self, cast, hold, three
    ):
        number = {"scope": "caller", "caller_index": bytes(range(32))}
        at = three.at
        let_go = {"released_at": at, "release_reason_sealed": b"settled"}
        released = _hold(cast, review_on=TODAY, **number, **let_go)
        said = [bytes(range(32)), b"sealed", b"settled"]
        three.move(days=29)
        holds()
        assert _says(cast, released) == said

        three.move(days=1)
        holds()

        assert _says(cast, released) == [b"", b"", b""]
        assert _says(cast, hold) == [b"", b"sealed", b""]
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="compliance.hold.forgotten")
        assert (row.subject_id, row.facts) == (released.id, {"scope": "caller"})
