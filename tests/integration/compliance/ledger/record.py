"""Rows of the record for the tests, and the hands of a superuser."""

import os
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections

from compliance.ledger.notes import Verifier, attach_signature
from compliance.ledger.services.seal_rows import seal_rows
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.ids import uuid7
from tests.cast import NOW


class TestSigner:
    """Signs with a key of the tests."""

    __test__ = False

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        self.verifier = Verifier(
            "tests.example/ledger", self._key.public_key().public_bytes_raw()
        )

    def sign(self, text: str) -> str:
        signature = self._key.sign(text.encode())
        return attach_signature(text, verifier=self.verifier, signature=signature)


SIGNER = TestSigner()


def write_row(organization_id: UUID | None, *, count: int = 0) -> None:
    """Write one row of an organization, or of the product."""
    entry = audit.Entry(
        action="tests.thing.counted",
        organization_id=organization_id,
        actor_kind="system",
        actor_id=None,
        subject_kind="thing",
        subject_id=uuid7(),
        fields=("name",),
        facts={"count": count, "of": uuid7(), "is_last": False},
    )
    if organization_id is None:
        audit.record(entry)
        return
    with tenancy.scope(organization_id):
        audit.record(entry)


def seal(limit: int = 1_000) -> int:
    return seal_rows(signer=SIGNER, now=NOW, limit=limit)


def asked(query: str, *values: object) -> list[tuple]:
    """Return what the sealer reads."""
    with connections["sealer"].cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def owner_connection() -> psycopg.Connection:
    """Return a connection of the tables' owner, whom no grant holds back."""
    return _connect("DATABASE_OWNER_URL")


def superuser_connection() -> psycopg.Connection:
    """Return a connection of whoever owns the server, whom nothing holds back."""
    return _connect("DATABASE_SUPERUSER_URL")


def _connect(name: str) -> psycopg.Connection:
    return psycopg.connect(
        os.environ[name],
        dbname=connections["default"].settings_dict["NAME"],
        autocommit=True,
    )
