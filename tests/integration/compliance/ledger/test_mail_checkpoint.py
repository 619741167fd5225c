from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from accounts.models import Membership
from compliance.ledger.jobs import mail_checkpoints
from compliance.ledger.models import AuditLog
from compliance.ledger.notes import Verifier, open_note
from compliance.tasks import seal_ledger
from sondervoice.kernel import tenancy
from tests.cast import Cast
from tests.clock import StoppedClock, stopped_clock
from tests.integration.compliance.ledger.record import write_row
from tests.integration.telephony.posts import run_all_jobs

__all__ = ["stopped_clock"]

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def sealed(cast: Cast) -> Cast:
    write_row(cast.alder.organization.id)
    seal_ledger()
    return cast


@pytest.fixture
def ask(sealed: Cast, stopped_clock: StoppedClock) -> Callable[[datetime], list[str]]:
    """Let it be that time, and return to whom letters have gone."""

    def ask(at: datetime) -> list[str]:
        stopped_clock.at = at
        mail_checkpoints()
        run_all_jobs(sealed)
        return [letter.to[0] for letter in mail.outbox]

    return ask


class TestWeeklyLetter:
    def test_takes_the_checkpoint_to_the_owner(self, sealed: Cast, ask):
        assert ask(MONDAY) == [sealed.ada.email]

        (letter,) = mail.outbox
        assert letter.subject == "The record of Alder Clinic: keep this letter"
        body = letter.body
        key = Verifier.from_text(body.rstrip().splitlines()[-1])
        start = body.index(f"{key.name}/{sealed.alder.organization.id}\n")
        end = body.index("\nOur public key")
        assert open_note(body[start:end], key).splitlines()[1] == "1"
        with tenancy.scope(sealed.alder.organization.id):
            row = AuditLog.objects.get(action="compliance.checkpoint.mailed")
        assert (row.subject_id, row.facts) == (sealed.ada.id, {"size": 1})

    def test_goes_once_a_week(self, sealed: Cast, ask):
        for hours in (0, 1, 24, 71):
            ask(MONDAY + timedelta(hours=hours))
        assert len(mail.outbox) == 1

        ask(MONDAY + timedelta(days=7))
        assert len(mail.outbox) == 2

    def test_does_not_go_days_late(self, sealed: Cast, ask):
        assert ask(MONDAY + timedelta(days=3, minutes=1)) == []

    def test_goes_to_no_former_owner_and_not_while_nothing_is_sealed(
        self, sealed: Cast, ask
    ):
        with tenancy.scope(sealed.alder.organization.id):
            Membership.objects.filter(user=sealed.ada).update(ended_at=MONDAY)

        assert ask(MONDAY) == []
