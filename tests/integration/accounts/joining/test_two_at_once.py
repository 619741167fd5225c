"""Two people who change roles at the same moment, each on a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection

from accounts.joining.services.change_member import change_role, leave_clinic
from accounts.models import Membership
from accounts.permissions import Role
from accounts.roles.errors import LastOwnerError, RoleNotYoursError
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
