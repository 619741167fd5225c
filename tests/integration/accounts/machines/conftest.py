"""Programs of people and of clinics at the API."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.machines.services.make_key import KeyWish, make_key
from accounts.models import User
from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import PASSWORD, Cast, actor_for
from tests.cast_factor import KEY, Phone, give_phone
from tests.cast_fixtures import cast, day, signed_in
from tests.clock import stopped_clock

__all__ = ["cast", "day", "signed_in", "stopped_clock"]


@dataclass
class Program:
    """A program at the API."""

    authorization: str
    pair: dict[str, Any] = field(default_factory=dict)
    client: Client = field(default_factory=Client)

    def ask(self, verb: str, path: str, body: Any = None, **headers: str):
        return self.client.generic(
            verb,
            f"/api/v1/{path}",
            *([] if body is None else [json.dumps(body)]),
            content_type="application/json",
            headers={"authorization": self.authorization, **headers},
        )

    def get(self, path: str, **query: Any):
        headers = {"authorization": self.authorization}
        return self.client.get(f"/api/v1/{path}", query, headers=headers)


SignInProgram = Callable[..., Program]


def give_factor(user: User) -> Phone:
    return give_phone(user, now=utc_now())


def code_now() -> str:
    return Phone(app_id=0, key=KEY).code_at(utc_now())


def sign_in(user: User, *, address: str = "127.0.0.1", **more: Any):
    body = {"email": user.email, "password": PASSWORD, **more}
    client = Client(REMOTE_ADDR=address)
    return client.post("/api/v1/token/", body, content_type="application/json")


def program_of(user: User, **more: Any) -> Program:
    pair = sign_in(user, **more).json()
    return Program(f"Bearer {pair['access']}", pair)


@pytest.fixture
def adas(cast: Cast) -> Program:
    """A program of Ada's, who owns Alder and shows a second factor."""
    give_factor(cast.ada)
    return program_of(cast.ada, code=code_now())


@pytest.fixture
def bens(cast: Cast) -> Program:
    """A program of Ben's, who is at Alder's desk."""
    return program_of(cast.ben)


def make_machine(cast: Cast, *scopes: str, networks: tuple[str, ...] = ()) -> Program:
    """Return a program with a key of Alder's."""
    now = utc_now()
    wish = KeyWish(
        name="Practice software",
        scopes=list(scopes),
        expires_at=now + timedelta(days=90),
        networks=list(networks),
    )
    ada = actor_for(cast.ada, cast.alder, Role.OWNER)
    with tenancy.scope(cast.alder.organization.id):
        _, words = make_key(actor=ada, wish=wish, now=now)
    return Program(f"Api-Key {words}")


def rows(action: str) -> list[AuditLog]:
    """Return the rows of the record that belong to no clinic."""
    return list(AuditLog.unscoped.filter(action=action).order_by("at", "id"))


def rows_of(cast: Cast, action: str) -> list[AuditLog]:
    """Return the rows of Alder's record."""
    with tenancy.scope(cast.alder.organization.id):
        return list(AuditLog.objects.filter(action=action).order_by("at", "id"))
