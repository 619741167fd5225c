"""Holds whose day to look again has come."""

from datetime import date, timedelta

import pytest
from django.core import mail

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


def _hold(cast, *, review_on: date) -> LegalHold:
    with tenancy.scope(cast.alder.organization.id):
        return LegalHold.objects.create(
            organization_id=cast.alder.organization.id,
            scope="all",
            reason_sealed=b"sealed",
            review_on=review_on,
            placed_at=THREE,
            placed_by=cast.ada.id,
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
