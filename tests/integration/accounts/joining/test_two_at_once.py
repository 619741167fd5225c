"""Two people who change roles at the same moment, each on a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, connections

from accounts.joining.services.change_member import change_role, leave_clinic
from accounts.models import Membership
from accounts.permissions import Role
from accounts.roles.errors import LastOwnerError, RoleNotYoursError
from accounts.roles.services import settle_standing
from accounts.services.limit_member import limit_member
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import NOW, Cast, actor_for, make_cast


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cache.clear()
    made = make_cast()
    with tenancy.scope(made.alder.organization.id):
        Membership.objects.filter(user=made.ben).update(role=Role.OWNER)
    return made


def _owners(cast: Cast) -> set[UUID]:
    with tenancy.scope(cast.alder.organization.id):
        found = Membership.objects.filter(role=Role.OWNER, ended_at=None)
        return set(found.values_list("user_id", flat=True))


def _at_once(cast: Cast, *works) -> list[str]:
    """Do all of it at the same moment; return how each ended, in order."""
    start = Barrier(len(works))

    def run(work) -> str:
        try:
            with tenancy.scope(cast.alder.organization.id):
                start.wait(10)
                work()
        except (RoleNotYoursError, LastOwnerError) as error:
            return error.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


class TestTwoOwners:
    def test_who_demote_each_other_leave_one(self, cast: Cast):
        with tenancy.scope(cast.alder.organization.id):
            ids = dict(Membership.objects.values_list("user_id", "id"))

        def demote(giver, taken):
            actor = actor_for(giver, cast.alder, Role.OWNER)
            return lambda: change_role(
                actor=actor, membership_id=ids[taken.id], role="viewer", now=NOW
            )

        ends = _at_once(cast, demote(cast.ada, cast.ben), demote(cast.ben, cast.ada))

        assert sorted(ends) == ["done", "role_not_yours"]
        assert len(_owners(cast)) == 1

    def test_who_leave_at_once_leave_one(self, cast: Cast):
        def leave(user):
            actor = actor_for(user, cast.alder, Role.OWNER)
            return lambda: leave_clinic(actor=actor, now=NOW)

        ends = _at_once(cast, leave(cast.ada), leave(cast.ben))

        assert sorted(ends) == ["done", "last_owner"]
        assert len(_owners(cast)) == 1


class TestALimitWhileARoleChanges:
    @pytest.fixture
    def cast(self, cast: Cast) -> Cast:
        with tenancy.scope(cast.alder.organization.id):
            _his(cast).update(role=Role.CLINICIAN)
        return cast

    def test_waits_until_that_is_done(self, cast: Cast, meanwhile):
        ended = meanwhile(lambda: _limit(cast))

        _make_viewer(cast)

        assert ended == ["waited"]
        assert _ben(cast) == (Role.VIEWER, False)
        # The record keeps what other tests with threads have left.
        with tenancy.scope(cast.alder.organization.id):
            rows = AuditLog.objects.filter(action="accounts.member.limited")
            assert not rows.exists()
        _limit(cast)
        assert _ben(cast) == (Role.VIEWER, True)

    def test_is_not_undone_by_the_change(self, cast: Cast, meanwhile):
        ended = meanwhile(lambda: _his(cast).update(is_limited=True))

        _make_viewer(cast)

        assert ended == ["done"]
        assert _ben(cast) == (Role.VIEWER, True)

    @pytest.fixture
    def meanwhile(self, cast: Cast, monkeypatch: pytest.MonkeyPatch):
        """Do work elsewhere once a change has read what the member is."""
        read = settle_standing.standing_of_member

        def settle(work) -> list[str]:
            ended: list[str] = []

            def read_and_work(member: Membership):
                with ThreadPoolExecutor(1) as other:
                    ended.append(other.submit(_impatiently, cast, work).result(30))
                return read(member)

            monkeypatch.setattr(settle_standing, "standing_of_member", read_and_work)
            return ended

        return settle


def _impatiently(cast: Cast, work) -> str:
    """Do it, but wait for nobody's transaction."""
    try:
        with tenancy.scope(cast.alder.organization.id), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            work()
    except OperationalError:
        return "waited"
    else:
        return "done"
    finally:
        connections.close_all()


def _his(cast: Cast):
    return Membership.objects.filter(user=cast.ben)


def _ben(cast: Cast) -> tuple[str, bool]:
    with tenancy.scope(cast.alder.organization.id):
        return _his(cast).values_list("role", "is_limited").get()


def _make_viewer(cast: Cast) -> None:
    ada = actor_for(cast.ada, cast.alder, Role.OWNER)
    with tenancy.scope(cast.alder.organization.id):
        his = _his(cast).get().pk
        change_role(actor=ada, membership_id=his, role="viewer", now=NOW)


def _limit(cast: Cast) -> None:
    ada = actor_for(cast.ada, cast.alder, Role.OWNER)
    with tenancy.scope(cast.alder.organization.id):
        his = _his(cast).get().pk
        limit_member(actor=ada, membership_id=his, to=[], now=NOW)
