"""What becomes of a key when whoever answers for it cannot any more."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.errors import PermissionMissingError
from accounts.joining.services.change_member import leave_clinic
from accounts.joining.services.close_account import close_account
from accounts.machines.errors import ScopeTooWideError
from accounts.machines.models import ApiKeyRule
from accounts.machines.services.make_key import KeyWish, make_key
from accounts.models import (
    Agency,
    AgencyMembership,
    ApiKey,
    Membership,
    Organization,
    User,
)
from accounts.permissions import Permission, Role
from accounts.roles.services.compose_role import change_role as change_own_role
from accounts.services.limit_member import limit_member
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import NOW, Cast, actor_for, join, make_person
from tests.cast_fixtures import SignIn
from tests.hashes import without_hashes
from tests.integration.accounts.joining.letters import link_in_last_letter, run_jobs
from tests.integration.accounts.machines.conftest import Program, rows_of
from tests.integration.accounts.machines.people import (
    actions,
    make_role,
    membership,
    standing,
)

ENDED, KEPT = "accounts.api_key.ended", "accounts.api_key.kept"


def _key_of(cast: Cast, user: User, role: Role, *scopes: str) -> Program:
    now = utc_now()
    wish = KeyWish(
        name="Practice software",
        scopes=list(scopes or ("members:read",)),
        expires_at=now + timedelta(days=90),
        networks=[],
    )
    with tenancy.scope(cast.alder.organization.id):
        _, words = make_key(actor=actor_for(user, cast.alder, role), wish=wish, now=now)
    return Program(f"Api-Key {words}")


def _works(machine: Program) -> bool:
    return machine.get("members/").status_code == 200


def _keepers(cast: Cast) -> list[object]:
    with tenancy.scope(cast.alder.organization.id):
        return list(ApiKeyRule.objects.values_list("kept_by_id", flat=True))


@pytest.fixture
def max_(cast: Cast) -> User:
    """An administrator of Alder."""
    admin = make_person("Max Mann", "max@alder-clinic.example")
    join(cast.alder, admin, Role.ADMINISTRATOR)
    return admin


@pytest.fixture
def machine(cast: Cast, max_: User) -> Program:
    """A machine with a key that Max made."""
    return _key_of(cast, max_, Role.ADMINISTRATOR)


def _shown(client: Client, address: str) -> list[str]:
    """Return the ids of the keys that the page shows, as its form sends them."""
    page = client.get(address).content.decode()
    return re.findall(r'name="keys_shown" value="([^"]+)"', page)


def _member(cast: Cast, user: User) -> str:
    return str(membership(cast.alder, user).id)


class TestThePageThatLetsGo:
    def test_lists_the_keys_with_their_end_ticked(
        self, cast: Cast, max_: User, machine: Program, signed_in: SignIn
    ):
        address = f"/app/settings/people/{_member(cast, max_)}/let-go/"

        page = signed_in(cast.ada).get(address).content.decode()

        assert "1 key of machines that Max Mann answers for" in page
        assert "Practice software" in page
        assert 'name="end_keys" value="yes" checked' in page

    @pytest.mark.parametrize("body", [{}, {"end_keys": "yes"}, {"keys_shown": "yes"}])
    def test_ends_them(
        self, cast: Cast, max_: User, machine: Program, signed_in: SignIn, body
    ):
        address = f"/app/settings/people/{_member(cast, max_)}/let-go/"
        client = signed_in(cast.ada)
        shown = {"keys_shown": _shown(client, address)} if "end_keys" in body else {}

        client.post(address, shown | body)

        assert not _works(machine)
        assert actions(cast.alder)[-3:-1] == [ENDED, "accounts.membership.ended"]

    def test_keeps_them_for_who_takes_the_tick_away(
        self, cast: Cast, max_: User, machine: Program, signed_in: SignIn
    ):
        address = f"/app/settings/people/{_member(cast, max_)}/let-go/"
        client = signed_in(cast.ada)

        client.post(address, {"keys_shown": _shown(client, address)})

        assert _works(machine)
        assert _keepers(cast) == [cast.ada.pk]
        (row,) = rows_of(cast, KEPT)
        assert row.actor_id == cast.ada.pk
        assert without_hashes(row.facts) == {"answered_by_before": str(max_.pk)}
        assert row.facts["before"] != row.facts["after"]

    @pytest.mark.parametrize("form", ["let-go", "role"])
    def test_keeps_those_alone_that_it_showed(
        self, cast: Cast, max_: User, machine: Program, signed_in: SignIn, form: str
    ):
        address = f"/app/settings/people/{_member(cast, max_)}/"
        client = signed_in(cast.ada)
        page = address if form == "role" else f"{address}{form}/"
        shown = _shown(client, page)
        later = _key_of(cast, max_, Role.ADMINISTRATOR)
        before = _works(later)

        client.post(f"{address}{form}/", {"keys_shown": shown, "role": "receptionist"})

        assert before
        assert _works(machine)
        assert not _works(later)
        assert sorted(map(str, _keepers(cast))) == sorted([str(cast.ada.pk), "None"])
        assert (len(rows_of(cast, KEPT)), len(rows_of(cast, ENDED))) == (1, 1)

    def test_offers_to_keep_none_that_it_may_not_show(
        self, cast: Cast, max_: User, machine: Program, signed_in: SignIn
    ):
        role = make_role(cast.alder, "members.view", "members.manage", "keys.manage")
        eve = make_person("Eve Moss", "eve.moss@alder-clinic.example")
        join(cast.alder, eve, Role.VIEWER)
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=eve).update(custom_role=role)
        address = f"/app/settings/people/{_member(cast, max_)}/let-go/"

        page = signed_in(eve).get(address).content.decode()

        assert "1 key of machines that Max Mann answers for" in page
        assert "Practice software" not in page
        assert "They end now." in page
        assert 'name="end_keys"' not in page


class TestTheApi:
    def test_ends_the_keys_of_who_is_let_go(
        self, cast: Cast, max_: User, machine: Program, adas: Program
    ):
        answer = adas.ask("DELETE", f"members/{_member(cast, max_)}/")

        assert answer.status_code == 204
        assert not _works(machine)
        assert len(rows_of(cast, ENDED)) == 1

    def test_keeps_them_when_asked_to(
        self, cast: Cast, max_: User, machine: Program, adas: Program
    ):
        path = f"members/{_member(cast, max_)}/"

        answer = adas.ask("DELETE", f"{path}?keep_keys=true")

        assert answer.status_code == 204
        assert _works(machine)
        assert _keepers(cast) == [cast.ada.pk]

    def test_changes_nothing_for_a_choice_that_is_none(
        self, cast: Cast, max_: User, machine: Program, adas: Program
    ):
        path = f"members/{_member(cast, max_)}/"

        answer = adas.ask("DELETE", f"{path}?keep_keys=perhaps")

        assert answer.status_code == 400
        assert standing(cast.alder, max_) == ("administrator", None, True)
        assert _works(machine)

    def test_ends_those_that_the_next_role_may_not_answer_for(
        self, cast: Cast, max_: User, machine: Program, adas: Program
    ):
        path = f"members/{_member(cast, max_)}/"

        adas.ask("PATCH", path, {"role": "receptionist"})

        assert not _works(machine)

    def test_keeps_nothing_that_the_keeper_could_not_make(
        self, cast: Cast, max_: User, signed_in: SignIn
    ):
        role = make_role(cast.alder, "members.view", "members.manage", "keys.view")
        eve = make_person("Eve Moss", "eve.moss@alder-clinic.example")
        join(cast.alder, eve, Role.VIEWER)
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=eve).update(custom_role=role)
        machine = _key_of(cast, max_, Role.ADMINISTRATOR)
        address = f"/app/settings/people/{_member(cast, max_)}/let-go/"
        with tenancy.scope(cast.alder.organization.id):
            shown = str(ApiKey.objects.get().pk)

        answer = signed_in(eve).post(address, {"keys_shown": shown})

        assert answer.status_code == 403
        assert standing(cast.alder, max_) == ("administrator", None, True)
        assert _works(machine)
        assert _keepers(cast) == [None]


class TestMakingAKey:
    def test_is_refused_to_who_was_let_go_meanwhile(
        self, cast: Cast, max_: User, adas: Program
    ):
        adas.ask("DELETE", f"members/{_member(cast, max_)}/")

        with pytest.raises(PermissionMissingError):
            _key_of(cast, max_, Role.ADMINISTRATOR)

        assert _keepers(cast) == []

    def test_is_refused_to_whose_role_holds_less_by_now(
        self, cast: Cast, max_: User, adas: Program
    ):
        role = make_role(cast.alder, "members.view", "keys.view", "keys.manage")
        path = f"members/{_member(cast, max_)}/"
        adas.ask("PATCH", path, {"role": str(role.pk)})

        with pytest.raises(ScopeTooWideError):
            _key_of(cast, max_, Role.ADMINISTRATOR, "calls:read")

        assert _keepers(cast) == []

    def test_is_refused_to_who_was_limited_meanwhile(self, cast: Cast, max_: User):
        with tenancy.scope(cast.alder.organization.id):
            limit_member(
                actor=actor_for(cast.ada, cast.alder, Role.OWNER),
                membership_id=membership(cast.alder, max_).pk,
                to=[],
                now=utc_now(),
            )

        with pytest.raises((PermissionMissingError, ScopeTooWideError)):
            _key_of(cast, max_, Role.ADMINISTRATOR, "calls:read")

        assert _keepers(cast) == []


class TestOtherWaysOut:
    def test_leaving_ends_ones_own(self, cast: Cast, max_: User, machine: Program):
        with tenancy.scope(cast.alder.organization.id):
            me = actor_for(max_, cast.alder, Role.ADMINISTRATOR)
            leave_clinic(actor=me, now=utc_now())

        assert not _works(machine)

    def test_closing_the_account_ends_ones_own(
        self, cast: Cast, max_: User, machine: Program
    ):
        close_account(user=max_, now=utc_now())

        assert not _works(machine)

    def test_who_kept_a_key_takes_it_along(
        self, cast: Cast, max_: User, machine: Program, adas: Program
    ):
        join(cast.alder, cast.eve, Role.OWNER)
        adas.ask("DELETE", f"members/{_member(cast, max_)}/?keep_keys=true")
        with tenancy.scope(cast.alder.organization.id):
            me = actor_for(cast.ada, cast.alder, Role.OWNER)
            leave_clinic(actor=me, now=utc_now())

        assert not _works(machine)

    def test_a_role_that_loses_the_right_loses_the_keys(self, cast: Cast, max_: User):
        role = make_role(cast.alder, "members.view", "keys.view", "keys.manage")
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=max_).update(
                role=Role.VIEWER, custom_role=role
            )
        machine = _key_of(cast, max_, Role.ADMINISTRATOR)
        with tenancy.scope(cast.alder.organization.id):
            change_own_role(
                actor=actor_for(cast.ada, cast.alder, Role.OWNER),
                role_id=role.pk,
                name=role.name,
                permissions=[Permission.MEMBERS_VIEW, Permission.KEYS_VIEW],
                now=utc_now(),
            )

        assert not _works(machine)

    def test_limits_end_them_all(self, cast: Cast, max_: User):
        calls = _key_of(cast, max_, Role.ADMINISTRATOR, "calls:read")
        members = _key_of(cast, max_, Role.ADMINISTRATOR)
        with tenancy.scope(cast.alder.organization.id):
            limit_member(
                actor=actor_for(cast.ada, cast.alder, Role.OWNER),
                membership_id=membership(cast.alder, max_).pk,
                to=[],
                now=utc_now(),
            )

        assert calls.get("calls/").status_code == 401
        assert not _works(members)

    def test_joining_with_less_than_an_agencys_administrator_ends_them(
        self, cast: Cast, adas: Program, signed_in: SignIn
    ):
        jo = make_person("Jo Jansen", "jo@lakeside.example")
        with signing_in():
            agency = Agency.objects.create(name="Lakeside Support")
            AgencyMembership.objects.create(agency=agency, user=jo, created_at=NOW)
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(agency=agency)
        machine = _key_of(cast, jo, Role.AGENCY_ADMINISTRATOR)
        before = _works(machine)
        adas.ask("POST", "invitations/", {"email": jo.email, "role": "billing"})
        run_jobs()

        answer = signed_in(jo).post(link_in_last_letter())

        assert answer.status_code == 302
        assert standing(cast.alder, jo) == ("billing", None, True)
        assert before
        assert not _works(machine)
        (row,) = rows_of(cast, ENDED)
        assert (row.actor_kind, row.actor_id) == ("user", jo.pk)

    def test_leaves_the_keys_of_others(
        self, cast: Cast, max_: User, machine: Program, adas: Program
    ):
        adas.ask("DELETE", f"members/{_member(cast, cast.ben)}/")

        assert _works(machine)
        with tenancy.scope(cast.alder.organization.id):
            assert not ApiKey.objects.exclude(revoked_at=None).exists()
