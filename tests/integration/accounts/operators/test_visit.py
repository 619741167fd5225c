import pytest
from django.test import Client

from accounts.operators.models import OperatorSession
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.models import OutboxJob
from tests.cast import Cast
from tests.cast_day import Day

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


def _requests(cast: Cast, session: OperatorSession) -> list[tuple[list[str], bool]]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(
            subject_id=session.pk, action="accounts.operator_request.made"
        ).order_by("at", "id")
        return [(row.fields, row.facts["is_allowed"]) for row in rows]


class TestVisit:
    def test_shows_the_clinic_under_the_bar(self, visitor: Client, day: Day):
        page = visitor.get("/app/calls/?when=all").content.decode()

        assert 'class="app operator"' in page
        assert "Diary shows the wrong day" in page
        assert "+1 ••• ••• ••36" in page
        assert "312 555 0136" not in page

    def test_leaves_one_row_a_request_in_the_clinics_record(
        self, visitor: Client, cast: Cast, session: OperatorSession, day: Day
    ):
        visitor.get("/app/calls/?when=all&q=Hannah")
        visitor.get(f"/app/calls/{day.booked.id}/")
        visitor.post(f"/app/calls/{day.booked.id}/play/")

        assert _requests(cast, session) == [
            (["telephony:call-list"], True),
            (["recordings:call-detail"], True),
            (["recordings:call-play"], False),
        ]

    def test_tells_the_owners_by_a_letter(
        self, visitor: Client, cast: Cast, session: OperatorSession
    ):
        with tenancy.scope(cast.alder.organization.id):
            jobs = OutboxJob.objects.filter(task="accounts.tell_owner_of_help")
            told = [job.ids for job in jobs]

        assert told == [
            {"session_id": str(session.pk), "user_id": str(cast.ada.pk)},
        ]
