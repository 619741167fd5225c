"""People of a directory who see some places and receptionists alone."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from accounts.joining.tasks import tell_of_limits
from accounts.models import CustomRole, Membership, ObjectGrant, User
from accounts.permissions import Permission, Role
from accounts.sso.models import SsoConnection
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.models import OutboxJob
from telephony.models import Location
from tests.cast import NOW, Cast
from tests.cast_fixtures import SignIn
from tests.fakes.directory.oidc import OidcProvider
from tests.integration.accounts.sso.browser import travel
from tests.integration.accounts.sso.conftest import make_connection, prove

HERE = "/app/settings/single-sign-on/"
CALLS = f"{HERE}directory/calls/"
LINES = [["desk", "receptionist"], ["bosses", "clinician"]]


def _place(cast: Cast, name: str, *, of_birch: bool = False) -> str:
    clinic = (cast.birch if of_birch else cast.alder).organization
    with tenancy.scope(clinic.id):
        return str(
            Location.objects.create(organization=clinic, name=name, created_at=NOW).pk
        )


def _kept(cast: Cast) -> SsoConnection:
    with tenancy.scope(cast.alder.organization.id):
        return SsoConnection.objects.get()


def _set(cast: Cast, **fields: object) -> SsoConnection:
    """Change the connection as its page would."""
    with tenancy.scope(cast.alder.organization.id):
        SsoConnection.objects.update(**fields)
    return _kept(cast)


def _nora() -> User:
    with signing_in():
        return User.objects.get(email="nora@alder-clinic.example")


def _limits(cast: Cast, user: User) -> tuple[bool, set[str]]:
    with tenancy.scope(cast.alder.organization.id):
        member = Membership.objects.get(user=user)
        grants = ObjectGrant.objects.filter(user=user)
        return member.is_limited, set(grants.values_list("object_pk", flat=True))


def _rows(cast: Cast, action: str = "accounts.member.limited") -> list[AuditLog]:
    with tenancy.scope(cast.alder.organization.id):
        return list(AuditLog.objects.filter(action=action).order_by("at", "id"))


def _letters(cast: Cast) -> dict[str, str]:
    """Run the jobs that tell of limits; return what they wrote, by address."""
    with tenancy.scope(cast.alder.organization.id):
        jobs = list(OutboxJob.objects.filter(task="accounts.tell_of_limits"))
        OutboxJob.objects.filter(pk__in=[one.pk for one in jobs]).delete()
    mail.outbox.clear()
    for one in jobs:
        ids = {name: UUID(value) for name, value in one.ids.items()}
        tell_of_limits(organization_id=one.organization_id, **ids)
    return {one.to[0]: str(one.body) for one in mail.outbox}


@pytest.fixture
def annex(cast: Cast) -> str:
    return _place(cast, "Annex")


@pytest.fixture
def harbour(cast: Cast) -> str:
    return _place(cast, "Harbour")


@pytest.fixture
def connection(cast: Cast, directory: OidcProvider) -> SsoConnection:
    """Two lines without limits; Nora is of the first one's group."""
    prove(cast.alder, "alder-clinic.example")
    directory.person["groups"] = ["desk"]
    return make_connection(cast.alder, directory, role_map=LINES)


class TestWhoJoins:
    def test_sees_what_their_line_names_from_the_first_look_on(
        self, cast: Cast, directory: OidcProvider, connection, annex: str, harbour: str
    ):
        given = _set(cast, limits_by_group={"desk": [annex], "bosses": [harbour]})
        directory.person["groups"] = ["bosses", "desk"]

        travel(Client(), directory, given)

        assert _limits(cast, _nora()) == (True, {annex})
        (row,) = _rows(cast)
        assert (row.actor_kind, row.actor_id) == ("user", _nora().pk)
        assert (row.facts["is_limited"], row.facts["grants"]) == (True, 1)
        assert row.facts["before"] != row.facts["after"]
        letters = _letters(cast)
        assert set(letters) == {"nora@alder-clinic.example"}
        assert "The directory of" in letters["nora@alder-clinic.example"]
        assert "those of some places" in letters["nora@alder-clinic.example"]
        assert "Annex" not in letters["nora@alder-clinic.example"]

    def test_again_changes_nothing_where_nothing_else_is_said(
        self, cast: Cast, directory: OidcProvider, connection, annex: str
    ):
        given = _set(cast, limits_by_group={"desk": [annex]})
        travel(Client(), directory, given)
        _letters(cast)

        travel(Client(), directory, given)

        assert len(_rows(cast)) == 1
        assert _letters(cast) == {}

    def test_in_no_group_sees_what_is_said_for_those(
        self, cast: Cast, directory: OidcProvider, connection, annex: str, harbour: str
    ):
        given = _set(
            cast, limits_by_group={"desk": [annex]}, default_limited_to=[harbour]
        )
        directory.person["groups"] = []

        travel(Client(), directory, given)

        assert _limits(cast, _nora()) == (True, {harbour})

    def test_sees_nothing_once_all_that_is_named_is_gone(
        self, cast: Cast, directory: OidcProvider, connection, annex: str
    ):
        given = _set(cast, limits_by_group={"desk": [annex]})
        with tenancy.scope(cast.alder.organization.id):
            Location.objects.filter(pk=annex).delete()

        travel(Client(), directory, given)

        assert _limits(cast, _nora()) == (True, set())

    def test_sees_all_where_their_line_names_nothing(
        self, cast: Cast, directory: OidcProvider, connection, annex: str
    ):
        given = _set(cast, limits_by_group={"bosses": [annex]})

        travel(Client(), directory, given)

        assert _limits(cast, _nora()) == (False, set())
        assert _rows(cast) == []


class TestWhoComesAgain:
    @pytest.mark.parametrize("then", ["all", "other"])
    def test_by_another_line_sees_what_that_one_names(
        self, cast: Cast, directory: OidcProvider, connection, annex, harbour, then
    ):
        other = {"bosses": [harbour]} if then == "other" else {}
        given = _set(cast, limits_by_group={"desk": [annex]} | other)
        travel(Client(), directory, given)
        before = _nora().session_epoch
        _letters(cast)
        directory.person["groups"] = ["bosses"]

        travel(Client(), directory, given)

        is_limited = then == "other"
        seen = {harbour} if is_limited else set()
        assert _limits(cast, _nora()) == (is_limited, seen)
        assert _rows(cast)[-1].facts["is_limited"] is is_limited
        assert _nora().session_epoch > before
        letters = _letters(cast)
        assert set(letters) == {"nora@alder-clinic.example", cast.ada.email}
        assert "has changed which calls Nora Lind sees" in letters[cast.ada.email]

    def test_in_no_group_any_more_keeps_the_limits_they_had(
        self, cast: Cast, directory: OidcProvider, connection, annex: str
    ):
        given = _set(cast, limits_by_group={"desk": [annex]})
        travel(Client(), directory, given)
        directory.person["groups"] = []

        travel(Client(), directory, given)

        assert _limits(cast, _nora()) == (True, {annex})

    def test_sees_what_the_line_names_by_now(
        self, cast: Cast, directory: OidcProvider, connection, annex: str, harbour: str
    ):
        travel(Client(), directory, _set(cast, limits_by_group={"desk": [annex]}))

        given = _set(cast, limits_by_group={"desk": [annex, harbour]})
        travel(Client(), directory, given)

        assert _limits(cast, _nora()) == (True, {annex, harbour})

    @pytest.mark.parametrize(
        ("line", "hand", "seen"),
        [
            # Without limits of its own a line leaves what somebody set.
            (None, ["annex"], ["annex"]),
            (None, [], []),
            # What was set within the line's stays; it is no more than either says.
            (["annex", "harbour"], ["annex"], ["annex"]),
            (["annex"], [], []),
            # Anything wider becomes the line's.
            (["annex"], ["harbour"], ["annex"]),
            (["annex"], ["annex", "harbour"], ["annex"]),
            (["annex"], None, ["annex"]),
        ],
    )
    def test_after_somebody_limited_them_by_hand(
        self, cast, directory, connection, signed_in, line, hand, seen
    ):
        ids = {name: _place(cast, name) for name in ("annex", "harbour")}
        named = {} if line is None else {"desk": [ids[one] for one in line]}
        given = _set(cast, limits_by_group=named)
        travel(Client(), directory, given)
        with tenancy.scope(cast.alder.organization.id):
            member = Membership.objects.get(user=_nora())
        signed_in(cast.ada).post(
            f"/app/settings/people/{member.pk}/limits/",
            {"sees": "all"}
            if hand is None
            else {"sees": "some", "only": [ids[one] for one in hand]},
        )

        travel(Client(), directory, given)

        assert _limits(cast, _nora()) == (True, {ids[one] for one in seen})

    def test_keeps_the_limits_of_a_directory_that_was_taken_away(
        self, cast, directory, connection, annex, signed_in
    ):
        travel(Client(), directory, _set(cast, limits_by_group={"desk": [annex]}))
        signed_in(cast.ada).post(f"{HERE}remove/")

        with tenancy.scope(cast.alder.organization.id):
            member = Membership.objects.get(user=_nora())
            assert (member.is_limited, member.limits_by_directory) == (True, False)

    def test_as_an_owner_sees_all(
        self, cast: Cast, directory: OidcProvider, connection, annex: str
    ):
        travel(Client(), directory, connection)
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=_nora()).update(role=Role.OWNER)

        travel(Client(), directory, _set(cast, limits_by_group={"desk": [annex]}))

        assert _limits(cast, _nora()) == (False, set())


def _limit(client: Client, line: int, group: str, only: Sequence[str], **more: str):
    body = {"group": group, "sees": "some", "only": list(only)}
    return client.post(f"{CALLS}{line}/", body | more)


class TestPage:
    def test_limits_a_line_and_lifts_it_again(
        self, cast: Cast, adas: Client, connection, annex: str
    ):
        shown = adas.get(f"{CALLS}1/")
        assert _limit(adas, 1, "desk", [annex]).status_code == 302
        assert _limit(adas, 0, "", [annex]).status_code == 302
        limited, page = _kept(cast), adas.get(HERE).content.decode()
        again = adas.get(f"{CALLS}1/")
        _limit(adas, 1, "desk", [], sees="all")
        _limit(adas, 0, "", [], sees="all")

        assert shown.context["is_limited"] is False
        assert [one.title for one in shown.context["offers"]] == [
            "Places",
            "Receptionists",
        ]
        assert limited.limits_by_group == {"desk": [annex]}
        assert [str(one) for one in limited.default_limited_to] == [annex]
        assert page.count("Sees some calls") == 2
        assert (again.context["is_limited"], again.context["granted"]) == (
            True,
            [annex],
        )
        lifted = _kept(cast)
        assert (lifted.limits_by_group, lifted.default_limited_to) == ({}, None)
        first, second, third, fourth = _rows(cast, "accounts.sso.set_up")
        assert [first.fields, second.fields] == [
            ["limits_by_group"],
            ["default_limited_to"],
        ]
        assert first.facts["before"] == fourth.facts["after"]
        assert second.facts["after"] == third.facts["before"]

    @pytest.mark.parametrize(
        ("line", "group", "only", "status"),
        [
            (1, "desk", [], 422),
            (1, "desk", ["foreign"], 404),
            (1, "desk", ["x"], 404),
            (1, "desk", ["nobody's"], 404),
            (1, "bosses", ["annex"], 409),
            (0, "desk", ["annex"], 409),
            (3, "desk", ["annex"], 404),
        ],
    )
    def test_changes_nothing_by_what_is_not_right(
        self, cast: Cast, adas: Client, connection, annex, line, group, only, status
    ):
        ids = {
            "annex": annex,
            "foreign": _place(cast, "Cologne", of_birch=True),
            "x": "x",
            "nobody's": str(uuid7()),
        }

        answer = _limit(adas, line, group, [ids[one] for one in only])

        assert answer.status_code == status
        assert _kept(cast).limits_by_group == {}
        assert _kept(cast).default_limited_to is None
        assert _rows(cast, "accounts.sso.set_up") == []

    def test_has_no_line_of_no_group_without_a_role(
        self, cast: Cast, adas: Client, connection, annex: str
    ):
        _set(cast, default_role="")

        assert adas.get(f"{CALLS}0/").status_code == 404
        assert _limit(adas, 0, "", [annex]).status_code == 404
        assert _kept(cast).default_limited_to is None

    @pytest.mark.parametrize(
        "also", [[], [Permission.CALLS_VIEW, Permission.MEMBERS_VIEW]]
    )
    def test_is_not_for_who_could_not_give_the_role(
        self, cast: Cast, adas, connection, annex: str, signed_in: SignIn, also
    ):
        _set(cast, limits_by_group={"desk": [annex]})
        with tenancy.scope(cast.alder.organization.id):
            own = CustomRole.objects.create(
                organization=cast.alder.organization,
                name="Directory",
                permissions=[Permission.SSO_MANAGE.value, *also],
                created_at=NOW,
            )
            Membership.objects.filter(user=cast.ben).update(
                role=Role.VIEWER, custom_role=own
            )

        answer = _limit(signed_in(cast.ben), 1, "desk", [], sees="all")

        assert answer.status_code == 403
        assert _kept(cast).limits_by_group == {"desk": [annex]}


class TestLinesWrittenAnew:
    @pytest.mark.parametrize(
        ("lines", "limits"),
        [
            ("desk = viewer\nbosses = clinician\nmore = viewer", {"desk": ["annex"]}),
            ("bosses = clinician", {}),
            ("reception = receptionist\nbosses = clinician", {"reception": []}),
        ],
    )
    def test_keep_limits_and_never_lose_them_to_another_name(
        self, cast, adas, directory, connection, annex: str, lines, limits
    ):
        _set(cast, limits_by_group={"desk": [annex]})

        answer = adas.post(
            f"{HERE}directory/",
            {
                "kind": "oidc",
                "preset": "other",
                "label": "Alder directory",
                "issuer": directory.issuer,
                "client_id": connection.client_id,
                "groups_claim": "groups",
                "role_lines": lines,
                "default_role": "viewer",
            },
            follow=True,
        )

        wanted = {group: [annex for _ in names] for group, names in limits.items()}
        assert _kept(cast).limits_by_group == wanted
        is_told = "begin with no calls" in answer.content.decode()
        assert is_told is ("reception" in limits)
