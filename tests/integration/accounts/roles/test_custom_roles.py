import pytest
from django.test import Client

from accounts.entitlements import Plan
from accounts.models import CustomRole, Membership, Organization, User
from accounts.permissions import Role
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from tests.cast import NOW, Cast, join, make_person
from tests.cast_fixtures import SignIn
from tests.hashes import without_hashes

ROLES = "/app/settings/roles/"
NIGHT = {"name": "Night desk", "permissions": ["messages.view", "calls.view"]}


@pytest.fixture
def adas(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.ada)


@pytest.fixture
def maxs(cast: Cast, signed_in: SignIn) -> Client:
    """Max's browser, who administers Alder and sees no callers' names."""
    admin = make_person("Max Mann", "max@alder-clinic.example")
    join(cast.alder, admin, Role.ADMINISTRATOR)
    return signed_in(admin)


def _own(cast: Cast) -> list[tuple[str, list[str]]]:
    with tenancy.scope(cast.alder.organization.id):
        rows = CustomRole.objects.order_by("name")
        return [(one.name, one.permissions) for one in rows]


def _make(cast: Cast, *permissions: str, name: str = "Night desk") -> CustomRole:
    with tenancy.scope(cast.alder.organization.id):
        return CustomRole.objects.create(
            organization=cast.alder.organization,
            name=name,
            permissions=list(permissions),
            created_at=NOW,
        )


def _give(cast: Cast, user: User, role: CustomRole) -> None:
    with tenancy.scope(cast.alder.organization.id):
        Membership.objects.filter(user=user).update(role="viewer", custom_role=role)


def _epoch(user: User) -> int:
    with signing_in():
        return User.objects.get(pk=user.pk).session_epoch


def _actions(cast: Cast) -> list[tuple[str, dict[str, object]]]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action__startswith="accounts.").exclude(
            action__startswith="accounts.session."
        )
        return [(row.action, without_hashes(row.facts)) for row in rows.order_by("at")]


class TestMaking:
    def test_composes_a_role_of_permissions(self, cast: Cast, adas: Client):
        answer = adas.post(f"{ROLES}new/", NIGHT)

        assert answer.headers["Location"] == ROLES
        assert _own(cast) == [("Night desk", ["calls.view", "messages.view"])]
        assert _actions(cast) == [
            ("accounts.custom_role.made", {"permissions": 2, "signed_out": 0})
        ]
        page = adas.get(ROLES).content.decode()
        assert "See calls and what was said, callers masked · See messages" in page

    def test_gives_no_more_than_the_composer_holds(self, cast: Cast, maxs: Client):
        answer = maxs.post(
            f"{ROLES}new/", NIGHT | {"permissions": ["calls.view", "callers.view"]}
        )

        assert answer.status_code == 403
        assert "more than yours" in answer.content.decode()
        assert _own(cast) == []
        assert _actions(cast) == [("accounts.role.refused", {})]

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("name", "", "Write a name."),
            ("name", "x" * 61, "Too long."),
            ("name", "Owner", "has a role of this name"),
            ("name", "system operator", "has a role of this name"),
            ("name", "night DESK", "has a role of this name"),
            ("permissions", [], "Choose at least one thing"),
            ("permissions", ["boss"], "There is no such permission."),
        ],
    )
    def test_says_what_is_not_right(
        self, cast: Cast, adas: Client, field: str, value: object, words: str
    ):
        _make(cast, "calls.view")

        answer = adas.post(f"{ROLES}new/", NIGHT | {"name": "Day desk", field: value})

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert len(_own(cast)) == 1

    def test_is_not_for_who_may_not(self, cast: Cast, signed_in: SignIn):
        for user in (cast.ben, cast.cy):
            assert signed_in(user).get(f"{ROLES}new/").status_code == 403
            assert signed_in(user).post(f"{ROLES}new/", NIGHT).status_code == 403
        assert Client().post(f"{ROLES}new/", NIGHT).status_code == 302
        assert _own(cast) == []


class TestChanging:
    def test_that_takes_something_away_signs_out_who_has_it(
        self, cast: Cast, adas: Client
    ):
        role = _make(cast, "calls.view", "messages.view")
        _give(cast, cast.ben, role)

        adas.post(f"{ROLES}{role.id}/", {"name": "Late", "permissions": ["calls.view"]})

        assert _own(cast) == [("Late", ["calls.view"])]
        assert (_epoch(cast.ben), _epoch(cast.cy)) == (1, 0)
        assert _actions(cast) == [
            ("accounts.custom_role.changed", {"permissions": 1, "signed_out": 1})
        ]

    def test_that_adds_something_signs_out_who_has_it(
        self, cast: Cast, adas: Client, signed_in: SignIn
    ):
        role = _make(cast, "calls.view")
        _give(cast, cast.ben, role)
        bens = signed_in(cast.ben)
        before = _epoch(cast.ben)

        adas.post(f"{ROLES}{role.id}/", NIGHT)

        assert _own(cast) == [("Night desk", ["calls.view", "messages.view"])]
        assert _epoch(cast.ben) == before + 1
        assert bens.get("/app/").headers["Location"].startswith("/accounts/login/")

    def test_of_its_name_alone_signs_out_nobody(self, cast: Cast, adas: Client):
        role = _make(cast, "calls.view")
        _give(cast, cast.ben, role)

        adas.post(f"{ROLES}{role.id}/", {"name": "Late", "permissions": ["calls.view"]})

        assert (_own(cast), _epoch(cast.ben)) == ([("Late", ["calls.view"])], 0)

    def test_does_not_touch_a_role_beyond_the_composer(self, cast: Cast, maxs: Client):
        role = _make(cast, "callers.view")

        shown = maxs.get(f"{ROLES}{role.id}/").content.decode()
        answer = maxs.post(f"{ROLES}{role.id}/", NIGHT)

        assert "This role may do more than yours." in shown
        assert answer.status_code == 403
        assert _own(cast) == [("Night desk", ["callers.view"])]

    def test_does_not_reach_ones_own_role(self, cast: Cast, signed_in: SignIn):
        role = _make(cast, "roles.manage", "roles.view", "calls.view")
        _give(cast, cast.ben, role)

        answer = signed_in(cast.ben).post(
            f"{ROLES}{role.id}/", {"name": "x", "permissions": ["roles.manage"]}
        )

        assert answer.status_code == 403
        assert _own(cast)[0][0] == "Night desk"

    def test_of_another_clinics_role_is_nothing(self, cast: Cast, signed_in: SignIn):
        role, dots = _make(cast, "calls.view"), signed_in(cast.dot)

        assert dots.get(f"{ROLES}{role.id}/").status_code == 404
        assert dots.post(f"{ROLES}{role.id}/", NIGHT).status_code == 404
        assert dots.get(f"{ROLES}{role.id}/retire/").status_code == 404
        assert dots.post(f"{ROLES}{role.id}/retire/").status_code == 404
        assert dots.post(f"{ROLES}{uuid7()}/", NIGHT).status_code == 404
        assert _own(cast) == [("Night desk", ["calls.view"])]

    def test_ignores_what_the_form_does_not_ask(self, cast: Cast, adas: Client):
        role = _make(cast, "calls.view")

        adas.post(
            f"{ROLES}{role.id}/", NIGHT | {"organization": cast.birch.organization.id}
        )

        with tenancy.scope(cast.birch.organization.id):
            assert not CustomRole.objects.exists()
        assert len(_own(cast)) == 1


class TestRetiring:
    def test_takes_a_role_away_that_nobody_has(self, cast: Cast, adas: Client):
        role = _make(cast, "calls.view")

        asked = adas.get(f"{ROLES}{role.id}/retire/")
        still = _own(cast)
        adas.post(f"{ROLES}{role.id}/retire/")

        assert asked.status_code == 200
        assert len(still) == 1
        assert _own(cast) == []
        assert _actions(cast)[-1][0] == "accounts.custom_role.retired"

    def test_leaves_a_role_that_somebody_has(self, cast: Cast, adas: Client):
        role = _make(cast, "calls.view")
        _give(cast, cast.ben, role)

        answer = adas.post(f"{ROLES}{role.id}/retire/")

        assert answer.status_code == 409
        assert len(_own(cast)) == 1

    def test_leaves_a_role_that_somebody_is_invited_to(self, cast: Cast, adas: Client):
        role = _make(cast, "calls.view")
        adas.post(
            "/app/settings/people/invite/",
            {"email": "gil@alder-clinic.example", "role": str(role.id), "days": "7"},
        )

        answer = adas.post(f"{ROLES}{role.id}/retire/")

        assert answer.status_code == 409
        assert len(_own(cast)) == 1
        assert "accounts.custom_role.retired" not in dict(_actions(cast))

    def test_lets_go_of_who_had_it_and_has_gone(self, cast: Cast, adas: Client):
        role = _make(cast, "calls.view")
        _give(cast, cast.ben, role)
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=cast.ben).update(ended_at=NOW)

        assert adas.post(f"{ROLES}{role.id}/retire/").status_code == 302
        with tenancy.scope(cast.alder.organization.id):
            assert Membership.objects.get(user=cast.ben).custom_role is None

    def test_is_not_for_who_may_not(self, cast: Cast, signed_in: SignIn):
        role = _make(cast, "calls.view")

        assert signed_in(cast.ben).post(f"{ROLES}{role.id}/retire/").status_code == 403
        assert Client().post(f"{ROLES}{role.id}/retire/").status_code == 302
        assert len(_own(cast)) == 1


class TestMatrix:
    def test_says_of_each_role_and_address_whether_it_opens(
        self, cast: Cast, adas: Client
    ):
        _make(cast, "calls.view")

        found = adas.get(f"{ROLES}matrix.json").json()

        assert found["roles"] == [*(role.value for role in Role), "Night desk"]
        rows = {row["what"]: row for row in found["endpoints"]}
        assert "Night desk" in rows["/app/calls/"]["roles"]
        assert "billing" not in rows["/app/calls/"]["roles"]
        assert rows["/app/settings/people/invite/"]["permission"] == "members.manage"
        assert rows["/app/settings/people/invite/"]["roles"] == [
            "owner",
            "administrator",
            "agency_administrator",
        ]
        assert rows["/media/telnyx/<str:token>/"]["kind"] == "socket"
        assert rows["/api/v1/calls/"]["kind"] == "api"
        assert rows["/accounts/sign-up/"]["public_because"] == (
            "anybody may ask for a clinic of their own"
        )
        assert all(row["permission"] or row["public_because"] for row in rows.values())

    def test_opens_what_it_says_and_nothing_else(
        self, cast: Cast, adas: Client, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            # With all that can be bought, so that roles alone say what opens.
            Organization.objects.update(plan=Plan.ENTERPRISE)
        clients = {}
        for role in (Role.OWNER, Role.RECEPTIONIST, Role.BILLING, Role.VIEWER):
            person = make_person(role.value, f"{role.value}@alder-clinic.example")
            join(cast.alder, person, role)
            clients[role.value] = signed_in(person)
        rows = adas.get(f"{ROLES}matrix.json").json()["endpoints"]
        plain = [row for row in rows if _can_be_asked(row)]

        wrong = [
            (role, row["what"], answer.status_code)
            for role, client in clients.items()
            for row in plain
            if ((answer := client.get(row["what"])).status_code == 403)
            == (role in row["roles"])
        ]

        assert len(plain) > 8
        assert wrong == []

    def test_is_a_page(self, cast: Cast, adas: Client):
        page = adas.get(f"{ROLES}matrix/").content.decode()

        assert "/app/settings/people/invite/" in page
        assert "No role is asked: people sign in here" in page

    def test_is_a_file_without_formulas(self, cast: Cast, adas: Client):
        _make(cast, "calls.view", name="=cmd|' /C calc'!A0")

        answer = adas.get(f"{ROLES}matrix.csv")

        text = answer.content.decode()
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["Content-Disposition"]
        assert text.splitlines()[0].endswith("system_operator,'=cmd|' /C calc'!A0")
        lines = text.splitlines()
        assert [one for one in lines if one.startswith("page,/app/messages/,")] == [
            "page,/app/messages/,messages.view,,yes,yes,yes,yes,no,yes,no,no,no,no"
        ]

    def test_is_shown_to_who_may_see_roles_alone(self, cast: Cast, signed_in: SignIn):
        viewer = make_person("Vi Vane", "vi@alder-clinic.example")
        join(cast.alder, viewer, Role.VIEWER)

        for name in ("matrix/", "matrix.csv", "matrix.json", ""):
            assert signed_in(viewer).get(ROLES + name).status_code == 403
            assert signed_in(cast.ben).get(ROLES + name).status_code == 200
            assert Client().get(ROLES + name).status_code == 302


def _can_be_asked(row: dict[str, str]) -> bool:
    """Tell whether a plain GET of a page without ids is the question."""
    is_page = row["kind"] == "page" and row["what"].startswith("/app/")
    return is_page and "<" not in row["what"] and bool(row["permission"])
