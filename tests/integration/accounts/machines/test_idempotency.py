from datetime import timedelta
from uuid import UUID

import pytest

from accounts.machines.models import StoredAnswer
from accounts.machines.services.clear_machines import clear_answers
from accounts.models import ApiKey
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.integration.accounts.machines.conftest import Program, make_machine, rows_of

WISH = {
    "name": "Practice software",
    "scopes": ["calls:read"],
    "expires_at": "2027-01-31T17:00:00Z",
}
KEY = {"Idempotency-Key": "4f0d9d0e-1d0b-4f2e-9d8e-3f5a7a2d1c10"}


def _keys(cast: Cast) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return ApiKey.objects.count()


class TestAWriteSentTwice:
    def test_is_done_once_and_answered_alike(self, cast: Cast, adas: Program):
        first = adas.ask("POST", "keys/", WISH, **KEY)
        second = adas.ask("POST", "keys/", dict(reversed(WISH.items())), **KEY)

        assert first.status_code == second.status_code == 201
        assert first.content == second.content
        assert "Idempotent-Replayed" not in first.headers
        assert second.headers["Idempotent-Replayed"] == "true"
        assert _keys(cast) == 1
        assert len(rows_of(cast, "accounts.api_key.made")) == 1

    def test_leaves_no_secret_that_the_database_tells(self, cast: Cast, adas: Program):
        secret = adas.ask("POST", "keys/", WISH, **KEY).json()["secret"]

        with tenancy.scope(cast.alder.organization.id):
            row = StoredAnswer.objects.get()
        kept = [
            bytes(row.answer_sealed),
            bytes(row.key_sha256),
            bytes(row.request_sha256),
        ]
        for words in (secret, secret.split("_", 2)[2], KEY["Idempotency-Key"]):
            assert all(words.encode() not in one for one in kept)

    @pytest.mark.parametrize(
        ("verb", "path", "body"),
        [
            ("POST", "keys/", {**WISH, "name": "Another"}),
            ("DELETE", f"keys/{UUID(int=0)}/", None),
        ],
    )
    def test_is_refused_when_it_is_another(
        self, cast: Cast, adas: Program, verb, path, body
    ):
        adas.ask("POST", "keys/", WISH, **KEY)

        answer = adas.ask(verb, path, body, **KEY)

        assert (answer.status_code, answer.json()["code"]) == (
            422,
            "idempotency_key_reused",
        )
        assert _keys(cast) == 1
        assert adas.get("keys/").status_code == 200

    def test_is_done_again_when_the_first_was_refused(self, cast: Cast, adas: Program):
        refused = adas.ask("POST", "keys/", {**WISH, "networks": ["here"]}, **KEY)
        done = adas.ask("POST", "keys/", WISH, **KEY)

        assert (refused.status_code, done.status_code) == (400, 201)
        assert _keys(cast) == 1

    def test_is_answered_only_to_who_sent_it(self, cast: Cast, adas: Program):
        adas.ask("POST", "keys/", WISH, **KEY)
        machine = make_machine(cast, "keys:read")

        assert machine.ask("POST", "keys/", WISH, **KEY).status_code == 403

    @pytest.mark.parametrize("key", ["", "a b", "x" * 201, "ä"])
    def test_needs_a_key_that_is_one(self, cast: Cast, adas: Program, key):
        answer = adas.ask("POST", "keys/", WISH, **{"Idempotency-Key": key})

        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["Idempotency-Key"]
        assert _keys(cast) == 0


class TestKeptAnswers:
    def test_go_on_while_the_secret_key_is_changed(
        self, cast: Cast, adas: Program, settings
    ):
        first = adas.ask("POST", "keys/", WISH, **KEY)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-one-" + "y" * 40

        second = adas.ask("POST", "keys/", WISH, **KEY)

        assert second.content == first.content
        assert _keys(cast) == 1

    def test_that_no_key_opens_are_said_to_be_gone(self, cast: Cast, adas: Program):
        adas.ask("POST", "keys/", WISH, **KEY)
        with tenancy.scope(cast.alder.organization.id):
            StoredAnswer.objects.update(answer_sealed=b"x" * 60)

        answer = adas.ask("POST", "keys/", WISH, **KEY)

        assert (answer.status_code, answer.json()["code"]) == (422, "answer_gone")
        assert _keys(cast) == 1

    def test_are_kept_for_a_day_and_then_cleared(self, cast: Cast, adas: Program):
        adas.ask("POST", "keys/", WISH, **KEY)
        alder, now = cast.alder.organization.id, utc_now()

        clear_answers(organization_id=alder, now=now + timedelta(hours=24))
        with tenancy.scope(alder):
            kept = StoredAnswer.objects.count()
        clear_answers(organization_id=alder, now=now + timedelta(hours=26))

        assert kept == 1
        with tenancy.scope(alder):
            assert StoredAnswer.objects.count() == 0
