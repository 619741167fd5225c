"""Operators, made as the console makes them: by the database's owner."""

import os
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from accounts.models import User
from accounts.operators.models import OperatorSession
from accounts.operators.services.approve_session import approve_session
from accounts.operators.services.ask_session import Ask, ask_session
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from tests.cast import Cast, make_cast, make_person
from tests.cast_day import Day, make_day
from tests.cast_fixtures import SignIn
from tests.owner import as_owner


def hashes() -> dict[str, object]:
    """Return a hash of the rows of each table of ours but the record and its like."""
    found = as_owner(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' "
        "AND tablename ~ '^(accounts|operators|telephony|recordings|scheduling|"
        "phone_messages|reception)_' AND tablename <> 'operators_spenttoken'",
        [],
    )
    query = (
        "SELECT md5(coalesce(string_agg(md5((to_jsonb(t) - 'last_login' - "
        "'request_count')::text), ',' ORDER BY t.id), '')) FROM {} t"
    )
    return {str(name): as_owner(query.format(name), []) for (name,) in found}


def grant(user: User, *, hours_ago: float = 0) -> None:
    begun = utc_now() - timedelta(hours=hours_ago)
    as_owner("UPDATE accounts_user SET is_staff = true WHERE id = %s", [user.pk])
    as_owner(
        "INSERT INTO operators_operatorgrant "
        "(id, user_id, reason, created_at, approved_at, expires_at) "
        "VALUES (%s, %s, 'first', %s, %s, %s)",
        [uuid7(), user.pk, begun, begun, begun + timedelta(hours=8)],
    )
    user.is_staff = True


@pytest.fixture
def as_the_owner(cast: Cast) -> Iterator[None]:
    """Let the test's own connection be the database's owner, as the console's is."""
    connection = connections["default"]
    before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"])
    connection.close()
    connection.settings_dict.update(
        USER=unquote(parts.username or ""), PASSWORD=unquote(parts.password or "")
    )
    yield
    connection.close()
    connection.settings_dict.update(before)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cache.clear()
    return make_cast()


@pytest.fixture
def day(cast: Cast) -> Day:
    return make_day(cast, now=utc_now())


@pytest.fixture
def tove(cast: Cast) -> User:
    tove = make_person("Tove Lind", "tove@sondervoice.example")
    grant(tove)
    return tove


@pytest.fixture
def sam(cast: Cast) -> User:
    sam = make_person("Sam Idowu", "sam@sondervoice.example")
    grant(sam)
    return sam


@pytest.fixture
def uma(cast: Cast) -> User:
    uma = make_person("Uma Berg", "uma@sondervoice.example")
    grant(uma)
    return uma


def approved_session(
    cast: Cast, tove: User, sam: User, *, as_member: User | None = None
) -> OperatorSession:
    clinic = cast.alder.organization.id
    ask = Ask(
        organization_id=clinic,
        reason="Diary shows the wrong day",
        ticket="T-118",
        minutes=30,
        as_member_id=as_member.pk if as_member else None,
    )
    session = ask_session(operator=tove, ask=ask, now=utc_now())
    approve_session(
        operator=sam, organization_id=clinic, session_id=session.pk, now=utc_now()
    )
    return session


@pytest.fixture
def session(cast: Cast, tove: User, sam: User) -> OperatorSession:
    return approved_session(cast, tove, sam)


def ask_for(client: Client, address: str, body: dict[str, str]) -> str:
    """Ask for what two must stand for; return the id of what waits."""
    answer = client.post(address, body)
    assert answer.status_code == 302
    place, _, act_id = answer.headers["Location"].rstrip("/").rpartition("/")
    assert place == "/admin/operatoract"
    return act_id


def close_as_two(first: Client, second: Client, person: User) -> None:
    address = f"/admin/people/{person.pk}/close/"
    act_id = ask_for(first, address, {"reason": "Stolen password"})
    assert second.post(f"/admin/acts/{act_id}/approve/").status_code == 302


def act(session: OperatorSession, word: str) -> str:
    return f"/admin/clinics/{session.organization_id}/sessions/{session.pk}/{word}/"


@pytest.fixture
def visitor(session: OperatorSession, tove: User, signed_in: SignIn) -> Client:
    """Tove, at Alder Clinic."""
    client = signed_in(tove)
    answer = client.post(act(session, "start"))
    assert answer.status_code == 302
    return client
