from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_network

import pytest
from django.core import mail
from django.test import Client

from accounts.machines.models import GatewayToken
from accounts.machines.services.rotate_gateway_token import rotate_gateway_token
from accounts.machines.services.watch_gateway_token import watch_gateway_token
from accounts.machines.tasks import warn_of_gateway_token
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from tests.integration.accounts.machines.conftest import rows

WORDS = "an-internal-key-of-more-than-32-signs"
TOKENS = "/internal/gateway/tokens/"
CHECK = "/internal/gateway/check/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(settings):
    settings.INTERNAL_KEY_HASHES = [sha256(WORDS.encode()).digest()]
    settings.INTERNAL_ALLOWED_ADDRESSES = [ip_network("127.0.0.0/8")]
    settings.TOKEN_TRIES_AN_ADDRESS = 1_000


def _ask(verb="POST", path=TOKENS, authorization=f"Internal-Key {WORDS}", **more):
    headers = {"authorization": authorization, **more.pop("headers", {})}
    return Client(**more).generic(verb, path, headers=headers)


class TestGatewayTokens:
    def test_are_made_and_listed_without_their_words(self):
        made = _ask()
        listed = _ask("GET")

        assert made.status_code == 201
        assert made.json()["secret"].startswith("sv_gw_")
        (found,) = listed.json()
        assert found["fingerprint"] == made.json()["fingerprint"]
        assert found["is_live"] is True
        assert "secret" not in found
        assert made.json()["secret"] not in listed.content.decode()
        (row,) = rows("accounts.gateway_token.rotated")
        assert row.subject_id == GatewayToken.objects.get().id

    @pytest.mark.parametrize("verb", ["GET", "POST"])
    @pytest.mark.parametrize(
        "authorization",
        [
            "",
            "Internal-Key x",
            f"Api-Key {WORDS}",
            f"Internal-Key {WORDS} x",
            "Internal-Key",
        ],
    )
    def test_are_nothing_without_the_key(self, verb, authorization):
        answer = _ask(verb, authorization=authorization)

        assert (answer.status_code, answer.json()["code"]) == (401, "key_invalid")
        assert answer.headers["www-authenticate"] == "Internal-Key"
        assert GatewayToken.objects.count() == 0
        (row,) = rows("accounts.internal.refused")
        assert row.facts == {"key": True}

    @pytest.mark.parametrize("verb", ["GET", "POST"])
    @pytest.mark.parametrize(
        "authorization", [f"Internal-Key {WORDS}", "Internal-Key x"]
    )
    def test_are_nothing_to_who_comes_from_elsewhere(self, verb, authorization):
        answer = _ask(
            verb,
            authorization=authorization,
            REMOTE_ADDR="192.0.2.9",
            headers={"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
        )

        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
        assert GatewayToken.objects.count() == 0
        (row,) = rows("accounts.internal.refused")
        assert row.facts == {"address": True}

    def test_are_nothing_to_anybody_while_no_network_is_named(self, settings):
        settings.INTERNAL_ALLOWED_ADDRESSES = []

        assert _ask().status_code == 403

    @pytest.mark.parametrize("path", [TOKENS, CHECK])
    def test_are_not_there_while_no_key_is_set(self, settings, path):
        settings.INTERNAL_KEY_HASHES = []

        answer = _ask(path=path)

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert GatewayToken.objects.count() == 0

    def test_are_limited(self, settings):
        settings.TOKEN_TRIES_AN_ADDRESS = 1

        assert _ask(authorization="").status_code == 401
        refused = _ask()

        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert GatewayToken.objects.count() == 0


def _check(secret: str) -> int:
    return _ask(path=CHECK, authorization=f"Gateway-Token {secret}").status_code


class TestAGatewayToken:
    def test_is_taken_and_told_when_it_ends(self):
        token, secret = rotate_gateway_token(now=utc_now())

        answer = _ask(path=CHECK, authorization=f"Gateway-Token {secret}")

        assert answer.status_code == 200
        assert answer.json()["fingerprint"] == token.fingerprint

    @pytest.mark.parametrize(
        ("ago", "status"),
        [
            (timedelta(hours=23, minutes=59), 200),
            (timedelta(hours=24), 401),
        ],
    )
    def test_goes_on_for_a_day_after_the_next_was_made(self, ago, status):
        now = utc_now()
        _, old = rotate_gateway_token(now=now - timedelta(days=80))
        _, new = rotate_gateway_token(now=now - ago)

        assert (_check(old), _check(new)) == (status, 200)

    @pytest.mark.parametrize(
        ("ago", "status"),
        [(timedelta(days=91, hours=23), 200), (timedelta(days=92), 401)],
    )
    def test_ends_after_a_quarter(self, ago, status):
        _, secret = rotate_gateway_token(now=utc_now() - ago)

        assert _check(secret) == status

    def test_that_is_none_is_refused_and_written_down(self):
        rotate_gateway_token(now=utc_now())

        assert _check("sv_gw_x") == 401
        assert _ask(path=CHECK).status_code == 401
        (row,) = rows("accounts.internal.refused")
        assert row.facts == {"gateway_token": True}


class TestTheAlarm:
    def test_is_raised_once_a_day_from_the_85th_day_on(self, settings):
        settings.SECURITY_MAIL = "security@sondervoice.example"
        now = utc_now()
        token, _ = rotate_gateway_token(now=now - timedelta(days=84))

        watch_gateway_token(now=now)
        quiet = rows("accounts.gateway_token.aged")
        for hours in (24, 25, 47, 48):
            watch_gateway_token(now=now + timedelta(hours=hours))

        assert quiet == []
        found = rows("accounts.gateway_token.aged")
        assert [row.facts for row in found] == [{"age_days": 85}, {"age_days": 86}]
        assert (
            OutboxJob.objects.filter(task="accounts.warn_of_gateway_token").count() == 2
        )
        warn_of_gateway_token(organization_id=None, token_id=token.id)
        (letter,) = mail.outbox
        assert letter.to == ["security@sondervoice.example"]
        assert token.fingerprint in letter.body

    def test_is_quiet_once_the_token_was_changed(self, settings):
        settings.SECURITY_MAIL = "security@sondervoice.example"
        now = utc_now()
        token, _ = rotate_gateway_token(now=now - timedelta(days=90))
        rotate_gateway_token(now=now)

        watch_gateway_token(now=now)
        warn_of_gateway_token(organization_id=None, token_id=token.id)

        assert rows("accounts.gateway_token.aged") == []
        assert mail.outbox == []
