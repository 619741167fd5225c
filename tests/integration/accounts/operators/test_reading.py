from datetime import timedelta

import pytest
from django.db import DatabaseError, connections

from accounts.models import Organization, User
from accounts.operators.desk import at_desk
from accounts.operators.errors import ReadingRefusedError
from accounts.operators.models import OperatorGrant
from accounts.operators.reading import operator_reading, rows_of
from accounts.operators.tokens import Purpose, issue_token
from compliance.ledger.models import AuditLog
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast, make_person
from tests.integration.accounts.operators.conftest import grant
from tests.owner import as_owner

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


def _openings(user: User) -> list[dict[str, int]]:
    rows = AuditLog.unscoped.filter(
        action="accounts.operator_reading.opened", actor_id=user.pk
    )
    return [row.facts for row in rows]


def _token(user: User, *, age_s: int = 0) -> str:
    begun = utc_now() - timedelta(seconds=age_s)
    return issue_token(purpose=Purpose.ORGANIZATIONS, actor_id=user.pk, now=begun)


def _read(token: str, user: User) -> list[str]:
    with at_desk(user.pk), operator_reading(token, now=utc_now()):
        return sorted(rows_of(Organization).values_list("name", flat=True))


class TestReading:
    def test_shows_all_clinics_for_a_good_token_and_writes_one_row(
        self, cast: Cast, tove: User
    ):
        names = _read(_token(tove), tove)

        assert names == ["Alder Clinic", "Birch Legal"]
        assert _openings(tove) == [{"purpose": Purpose.ORGANIZATIONS}]

    def test_is_shut_without_a_token(self, cast: Cast):
        with pytest.raises(ReadingRefusedError):
            rows_of(Organization)

    def test_is_shut_again_afterwards(self, cast: Cast, tove: User):
        _read(_token(tove), tove)

        with pytest.raises(ReadingRefusedError):
            rows_of(Organization)

    def test_refuses_no_token_an_old_one_and_a_forged_one(self, cast: Cast, tove: User):
        good = _token(tove)
        forged = f"{good.rpartition('.')[0]}.{'0' * 64}"

        for token in ("", _token(tove, age_s=61), forged):
            with pytest.raises(ReadingRefusedError):
                _read(token, tove)

        assert _openings(tove) == []

    def test_refuses_a_token_that_was_used(self, cast: Cast, tove: User):
        token = _token(tove)
        _read(token, tove)

        with pytest.raises(ReadingRefusedError):
            _read(token, tove)

        assert len(_openings(tove)) == 1

    def test_refuses_a_token_of_who_is_no_operator(self, cast: Cast, tove: User):
        with pytest.raises(ReadingRefusedError):
            _read(_token(cast.ada), cast.ada)

        assert _openings(cast.ada) == []

    def test_refuses_a_token_of_whose_grant_is_over(self, cast: Cast):
        vic = make_person("Vic", "vic@sondervoice.example")
        grant(vic, hours_ago=8)

        with pytest.raises(ReadingRefusedError):
            _read(_token(vic), vic)

    def test_shows_no_hash_of_a_password(self, cast: Cast, tove: User):
        with at_desk(tove.pk), operator_reading(_token(tove), now=utc_now()):
            person = rows_of(User).get(pk=cast.ada.pk)

            assert person.full_name == "Ada Lindgren"
            with pytest.raises(DatabaseError, match="permission denied"):
                _ = person.password

    @pytest.mark.parametrize(
        "verb",
        [
            "UPDATE accounts_organization SET name = 'x'",
            "DELETE FROM accounts_membership",
            "INSERT INTO operators_leaving DEFAULT VALUES",
            "SELECT password FROM accounts_user",
        ],
    )
    def test_can_do_nothing_but_read(self, cast: Cast, verb: str):
        with (
            connections["operator"].cursor() as cursor,
            pytest.raises(DatabaseError, match=r"read-only|permission denied"),
        ):
            cursor.execute(verb)


class TestDesk:
    def test_shows_no_grants_to_who_is_no_operator(self, cast: Cast, tove: User):
        with at_desk(cast.ada.pk):
            assert OperatorGrant.objects.count() == 0
        with at_desk(tove.pk):
            assert OperatorGrant.objects.count() == 1

    def test_lets_nobody_write_a_grant_that_is_answered(self, cast: Cast, tove: User):
        now = utc_now()
        with pytest.raises(DatabaseError, match="row-level security"), at_desk(tove.pk):
            OperatorGrant.objects.create(
                user=cast.eve,
                reason="x",
                created_at=now,
                approved_at=now,
                expires_at=now + timedelta(hours=1),
            )

        assert as_owner("SELECT count(*) FROM operators_operatorgrant", []) == [(1,)]
