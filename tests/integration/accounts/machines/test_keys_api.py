from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import Draft202012Validator

from accounts.machines.models import ApiKeyRule
from accounts.models import ApiKey
from sondervoice.api_docs import document
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from tests.cast import Cast
from tests.hashes import without_hashes
from tests.integration.accounts.machines.conftest import (
    Program,
    make_machine,
    rows,
    rows_of,
)


def _wish(**more):
    return {
        "name": "Practice software",
        "scopes": ["calls:read"],
        "expires_at": "2027-01-31T17:00:00Z",
        **more,
    }


def _keys(cast: Cast) -> list[ApiKey]:
    with tenancy.scope(cast.alder.organization.id):
        return list(ApiKey.objects.order_by("created_at", "id"))


class TestMakingAKey:
    def test_gives_its_secret_once_and_keeps_a_hash(self, cast: Cast, adas: Program):
        answer = adas.ask("POST", "keys/", _wish(networks=["192.0.2.7"]))
        made = answer.json()
        again = adas.get(f"keys/{made['id']}/").json()

        assert answer.status_code == 201
        assert made["secret"].startswith(f"sv_{made['prefix']}_")
        assert made["networks"] == ["192.0.2.7/32"]
        assert made["made_by"] == str(cast.ada.id)
        assert made["expires_at"] == "2027-01-31T17:00:00Z"
        assert "secret" not in again
        (key,) = _keys(cast)
        secret = made["secret"].removeprefix(f"sv_{key.prefix}_")
        assert secret.encode() not in bytes(key.secret_sha256)
        (row,) = rows_of(cast, "accounts.api_key.made")
        assert (row.actor_id, row.subject_id) == (cast.ada.id, key.id)
        assert without_hashes(row.facts) == {"scopes": 1, "networks": 1}

    def test_is_answered_as_the_document_says(self, adas: Program):
        made = adas.ask("POST", "keys/", _wish()).json()

        schemas = document()["components"]
        shape = {"$ref": "#/components/schemas/NewKey", "components": schemas}
        Draft202012Validator(shape).validate(made)

    def test_lets_it_in_with_its_scopes_alone(self, cast: Cast, adas: Program):
        secret = adas.ask("POST", "keys/", _wish()).json()["secret"]
        machine = Program(f"Api-Key {secret}")

        assert machine.get("calls/").status_code == 200
        assert machine.get("members/").status_code == 403
        assert machine.ask("POST", "keys/", _wish()).status_code == 403

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"scopes": ["calls:write"]}, "scopes"),
            ({"scopes": []}, "scopes"),
            ({"scopes": ["calls:read", "calls:read"]}, "scopes"),
            ({"name": ""}, "name"),
            ({"name": "a\0b"}, "name"),
            ({"name": 7}, "name"),
            ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
            ({"expires_at": "2099-01-01T00:00:00Z"}, "expires_at"),
            ({"expires_at": "tomorrow"}, "expires_at"),
            ({"networks": ["192.0.2.1/24"]}, "networks"),
            ({"networks": ["0.0.0.0/0"]}, "networks"),
            ({"networks": ["here"]}, "networks"),
            ({"organization": "1"}, "organization"),
            ({"organization_id": "1"}, "organization_id"),
            ({"role": "owner"}, "role"),
            ({"is_staff": True}, "is_staff"),
            ({"made_by": "1"}, "made_by"),
            ({"last_used_at": None}, "last_used_at"),
        ],
    )
    def test_refuses_a_field_that_is_not_right_by_name(
        self, cast: Cast, adas: Program, change, field
    ):
        answer = adas.ask("POST", "keys/", _wish(**change))

        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [field]
        assert _keys(cast) == []
        assert rows_of(cast, "accounts.api_key.made") == []

    def test_names_the_network_that_was_meant(self, adas: Program):
        answer = adas.ask("POST", "keys/", _wish(networks=["192.0.2.1/24"]))

        assert answer.json()["errors"]["networks"] == [
            "This network begins at another address. Write 192.0.2.0/24."
        ]

    def test_is_not_for_who_lacks_the_permission(self, cast: Cast, bens: Program):
        assert bens.ask("POST", "keys/", _wish()).status_code == 403
        assert bens.get("keys/").status_code == 403
        assert _keys(cast) == []

    @pytest.mark.parametrize(
        ("sent", "kind", "status", "code"),
        [
            ("{", "application/json", 400, "parse_error"),
            ("[]", "application/json", 400, "invalid"),
            ('{"name": NaN}', "application/json", 400, "parse_error"),
            ("[" * 60_000, "application/json", 400, "parse_error"),
            (" " * 70_000, "application/json", 400, "parse_error"),
            ("name=x", "application/x-www-form-urlencoded", 415, None),
        ],
    )
    def test_refuses_a_body_that_is_none(
        self, cast: Cast, adas: Program, sent, kind, status, code
    ):
        answer = adas.client.post(
            "/api/v1/keys/",
            sent,
            content_type=kind,
            headers={"authorization": adas.authorization},
        )

        assert answer.status_code == status
        assert answer.json()["code"] == (code or "unsupported_media_type")
        assert _keys(cast) == []


class TestEndingAKey:
    def test_shuts_it_out_from_the_next_request_on(self, cast: Cast, adas: Program):
        machine = make_machine(cast, "calls:read")
        (key,) = _keys(cast)

        before = machine.get("calls/").status_code
        answer = adas.ask("DELETE", f"keys/{key.id}/")
        after = machine.get("calls/")

        assert before == 200
        assert answer.status_code == 200
        assert answer.json()["ended_at"] is not None
        assert (after.status_code, after.json()["code"]) == (401, "key_invalid")
        (row,) = rows_of(cast, "accounts.api_key.ended")
        assert (row.actor_id, row.subject_id) == (cast.ada.id, key.id)

    def test_is_not_for_who_lacks_the_permission(self, cast: Cast, bens: Program):
        make_machine(cast, "calls:read")
        (key,) = _keys(cast)

        assert bens.ask("DELETE", f"keys/{key.id}/").status_code == 403
        assert _keys(cast)[0].revoked_at is None
        assert rows_of(cast, "accounts.api_key.ended") == []

    def test_of_another_clinic_is_404_and_changes_nothing(
        self, cast: Cast, adas: Program
    ):
        with tenancy.scope(cast.birch.organization.id):
            theirs = ApiKey.objects.create(
                organization=cast.birch.organization,
                name="theirs",
                prefix="f" * 12,
                secret_sha256=b"0" * 32,
                created_at=utc_now(),
            )

        for verb in ("GET", "DELETE"):
            found = adas.ask(verb, f"keys/{theirs.id}/")
            nobodys = adas.ask(verb, f"keys/{uuid7()}/")
            assert found.status_code == nobodys.status_code == 404
            assert found.json() == nobodys.json()
        with tenancy.scope(cast.birch.organization.id):
            assert ApiKey.objects.get().revoked_at is None


class TestARefusedKey:
    def _refuse(self, machine: Program, **headers: str):
        first = machine.ask("GET", "calls/", **headers)
        second = machine.ask("GET", "calls/", **headers)
        assert first.status_code == second.status_code == 401
        assert first.json() == second.json()
        assert first.json()["code"] == "key_invalid"
        return first.json()["detail"]

    def test_looks_the_same_whatever_is_wrong_and_leaves_one_row_a_minute(
        self, cast: Cast
    ):
        machine = make_machine(cast, "calls:read", networks=("192.0.2.0/24",))
        with tenancy.scope(cast.alder.organization.id):
            key = ApiKey.objects.get()
        unknown = Program("Api-Key sv_000000000000_x")
        wrong = Program(f"Api-Key sv_{key.prefix}_wrong")

        words = {self._refuse(one) for one in (unknown, wrong, machine)}
        with tenancy.scope(cast.alder.organization.id):
            ApiKeyRule.objects.update(networks=[])
            ApiKey.objects.update(expires_at=datetime(2026, 1, 1, tzinfo=UTC))
        words.add(self._refuse(machine))
        with tenancy.scope(cast.alder.organization.id):
            ApiKey.objects.update(revoked_at=utc_now())
        words.add(self._refuse(machine))

        assert words == {"This key is not valid."}
        found = rows_of(cast, "accounts.api_key.refused")
        assert [(row.subject_id, row.facts) for row in found] == [
            (key.id, {"wrong_secret": True}),
            (key.id, {"address": True}),
            (key.id, {"expired": True}),
            (key.id, {"revoked": True}),
        ]
        (row,) = rows("accounts.api_key.refused")
        assert (row.subject_id, row.facts) == (None, {"unknown": True})
        assert _keys(cast)[0].last_used_at is None

    def test_is_not_let_in_by_an_address_that_it_claims(self, cast: Cast, settings):
        machine = make_machine(cast, "calls:read", networks=("192.0.2.0/24",))
        claim = {"X-Forwarded-For": "192.0.2.7"}

        assert machine.ask("GET", "calls/", **claim).status_code == 401
        settings.TRUSTED_PROXIES = 1
        assert machine.ask("GET", "calls/", **claim).status_code == 200


class TestLastUse:
    def test_is_written_once_a_minute(self, cast: Cast):
        machine = make_machine(cast, "calls:read")

        machine.get("calls/")
        first = _keys(cast)[0].last_used_at
        machine.get("calls/")
        second = _keys(cast)[0].last_used_at
        with tenancy.scope(cast.alder.organization.id):
            ApiKey.objects.update(last_used_at=first - timedelta(minutes=1))
        machine.get("calls/")

        assert first is not None
        assert second == first
        assert _keys(cast)[0].last_used_at > first
