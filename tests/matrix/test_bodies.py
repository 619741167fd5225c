"""Bodies that name another clinic's things, or fields that nobody may set."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from django.core.cache import cache

from accounts.models import Membership, Organization, User
from accounts.permissions import Role
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.matrix.entries import ENTRIES, WRITES, Entry
from tests.matrix.routes import Route
from tests.matrix.rows import fingerprint
from tests.matrix.shared import Browsers
from tests.matrix.test_matrix import (
    GUARDED,
    Asker,
    Client,
    _address,
    _ask,
    _filled,
    _text,
    _undone,
)
from tests.matrix.world import CANARIES, World

# Fields of bodies that name a thing, and of which kind. One whose entry fills in an
# id, and one that is called after a kind, needs its line.
REFERENCES: Mapping[tuple[str, str, str], str] = {
    ("POST", "member-limits", "only"): "location",
    ("POST", "number-move", "place"): "location",
    ("POST", "rights-request-correct", "item"): "call",
    ("POST", "member-role", "role"): "role",
    ("POST", "invite", "role"): "role",
    ("POST", "invite", "only"): "location",
    ("POST", "sso-calls", "only"): "location",
    ("POST", "invitation-calls", "only"): "location",
    ("PATCH", "api-member", "role"): "role",
    ("POST", "api-invitations", "role"): "role",
    ("POST", "api-invitations", "limited_to"): "location",
    # By its scope the hold is of this call.
    ("POST", "hold-place", "call"): "call",
}
WITH_REFERENCE = {("POST", "hold-place", "call"): {"scope": "call"}}
LISTS = {"only", "limited_to"}
NAMED = {"role", "place", "call", "item", "only", "limited_to", "user", "organization"}
REFUSED = {400, 403, 404, 422}
# What a clinic's own request changes beside: who looked and was refused, of which the
# rows are asked for by themselves, and who was here when.
BESIDE = {"audit_logs", "accounts_user", "machines_keyuse"}
WRITING = [
    (route, entry)
    for route in GUARDED
    for entry in (ENTRIES[route.name], *WRITES.get(route.name, ()))
    if entry.method not in {"GET", "HEAD"}
]


def _owner(world: World, browsers: Browsers, route: Route) -> Asker:
    if not route.is_api:
        return Asker(Role.OWNER, browsers(Role.OWNER), {})
    token = world.alder.token_of(Role.OWNER)
    return Asker(Role.OWNER, Client(), {"authorization": f"Bearer {token}"})


def _send(asker: Asker, world: World, route: Route, entry: Entry, body):
    # Within one transaction: limits a minute are not what is tried here.
    cache.clear()
    more = entry.first(asker.client, world.alder.ids) if entry.first else ""
    path = _address(route, entry, world.alder) + entry.query + more
    return _ask(asker, entry.method, path, body)


def _rows(side) -> dict[str, tuple[int, str]]:
    found = fingerprint(side.clinic.organization.id)
    return {name: one for name, one in found.items() if name not in BESIDE}


def _written(side) -> set[tuple[UUID, str, UUID | None]]:
    """Return the rows of the clinic's record: id, action, and of what."""
    with tenancy.scope(side.clinic.organization.id):
        return set(AuditLog.objects.values_list("pk", "action", "subject_id"))


def _powers(world: World) -> dict[str, object]:
    """Return what no field of a body may change."""
    with signing_in():
        people = list(
            User.objects.order_by("pk").values_list("pk", "is_staff", "is_superuser")
        )
    with tenancy.scope(world.alder.clinic.organization.id):
        owners = set(Membership.objects.filter(role=Role.OWNER).values_list("user"))
        (clinic,) = Organization.objects.values("id", "plan")
    return {"people": people[:], "owners": owners, "clinic": clinic}


class TestReference:
    def test_has_a_line_here(self):
        found = {
            (entry.method, route.name, field)
            for route, entry in WRITING
            for field, value in entry.body.items()
            if field in NAMED or (isinstance(value, str) and "{" in value)
        }

        assert found - set(REFERENCES) == set()
        assert {route.name for route, _ in WRITING} >= {one[1] for one in REFERENCES}

    @pytest.mark.parametrize("reference", REFERENCES, ids=" ".join)
    def test_to_another_clinics_thing_is_refused_and_nothing_changes(
        self, world: World, browsers: Browsers, reference: tuple[str, str, str]
    ):
        method, name, field = reference
        (found,) = [
            one for one in WRITING if (one[1].method, one[0].name) == (method, name)
        ]
        route, entry = found
        asker = _owner(world, browsers, route)
        body = _filled(entry, world.alder) | WITH_REFERENCE.get(reference, {})
        before = _rows(world.alder), _rows(world.birch)
        written = _written(world.alder), _written(world.birch)

        kind = REFERENCES[reference]
        own, theirs = world.alder.ids[kind], world.birch.ids[kind]
        if field in LISTS:
            own, theirs = [own], [theirs]
        with _undone():
            sent = {**body, field: own}
            taken = _send(asker, world, route, entry, sent).status_code
        answer = _send(asker, world, route, entry, {**body, field: theirs})

        assert taken in entry.answers
        assert answer.status_code in REFUSED
        assert [one for one in CANARIES if one in _text(answer)] == []
        assert (_rows(world.alder), _rows(world.birch)) == before
        ((_, action, thing_id),) = _written(world.alder) - written[0]
        if kind == "role":
            assert action == "accounts.role.refused"
        else:
            expected = ("accounts.thing.refused", world.birch.ids[kind])
            assert (action, str(thing_id)) == expected
        assert _written(world.birch) == written[1]


class TestField:
    def test_that_nobody_may_set_is_refused_by_name_or_changes_nothing(
        self, world: World, browsers: Browsers
    ):
        birch, wrong = world.birch, []
        extra = {
            "organization": birch.ids["organization"],
            "organization_id": birch.ids["organization"],
            "user": birch.ids["user"],
            "user_id": birch.ids["user"],
            "agency": birch.ids["agency"],
            "id": birch.ids["call"],
            "is_staff": "1",
            "is_superuser": "1",
            "plan": "pro",
            "price": "0",
            "role": "owner",
        }
        powers, rows = _powers(world), _rows(birch)
        browser = _owner(world, browsers, _first(is_api=False))
        program = _owner(world, browsers, _first(is_api=True))

        for route, entry in WRITING:
            body = {**extra, **_filled(entry, world.alder)}
            with _undone():
                asker = program if route.is_api else browser
                status = _send(asker, world, route, entry, body).status_code
                if route.is_api and entry.body and status != 400:
                    wrong.append((entry.method, route.name, status))
                if status >= 500 or _powers(world) != powers or _rows(birch) != rows:
                    wrong.append((entry.method, route.name, status, "changed"))

        assert len(WRITING) > 50
        assert wrong == []


def _first(*, is_api: bool) -> Route:
    return next(route for route, _ in WRITING if route.is_api is is_api)
