import json

import pytest
from django.test import Client
from django_otp_webauthn.models import WebAuthnCredential

from accounts.models import User
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.cast_factor import (
    actions_of,
    give_phone,
    sign_in_with_password,
    sign_in_without_factor,
)
from tests.cast_fixtures import SignIn

HERE = "/accounts/second-factor/passkey/"
ANSWERS = [
    b"",
    b"[]",
    b"null",
    b"{",
    b'{"credential": null}',
    b'{"credential": "x"}',
    b'{"credential": {}}',
    b'{"credential": {"id": "AA", "rawId": "AA", "type": "public-key",'
    b' "response": {"clientDataJSON": "AA", "attestationObject": "AA",'
    b' "authenticatorData": "AA", "signature": "AA"}}}',
    b"[" * 5_000,
]


@pytest.fixture(autouse=True)
def _at_home(settings) -> None:
    settings.PUBLIC_BASE_URL = "https://voice.example"


def _post(client: Client, address: str, body: bytes = b"{}"):
    return client.post(HERE + address, body, content_type="application/json")


def _give_passkey(user: User) -> None:
    with signing_in():
        WebAuthnCredential.objects.create(
            user=user, name="Key", credential_id=user.pk.bytes, public_key=b"k"
        )


def _count() -> int:
    with signing_in():
        return WebAuthnCredential.objects.count()


class TestAdding:
    def test_is_bound_to_our_address_whatever_host_is_said(
        self, cast: Cast, signed_in: SignIn
    ):
        answer = signed_in(cast.ada).post(f"{HERE}add/", headers={"Host": "localhost"})

        asked = answer.json()
        assert asked["rp"] == {"id": "voice.example", "name": "SonderVoice"}
        assert asked["authenticatorSelection"]["residentKey"] == "preferred"

    @pytest.mark.parametrize("body", ANSWERS)
    def test_refuses_what_does_not_answer(
        self, cast: Cast, signed_in: SignIn, body: bytes
    ):
        client = signed_in(cast.ada)
        _post(client, "add/")

        answer = _post(client, "add/finish/", body)

        assert answer.status_code == 422
        assert _count() == 0
        assert actions_of(cast.ada) == []

    def test_refuses_an_answer_to_nothing(self, cast: Cast, signed_in: SignIn):
        assert _post(signed_in(cast.ada), "add/finish/").status_code == 422

    def test_demands_the_factor_there_is(self, cast: Cast):
        give_phone(cast.ben, now=utc_now())
        client = sign_in_without_factor(cast.ben)

        for address in ("add/", "add/finish/"):
            answer = client.post(
                HERE + address,
                b"{}",
                content_type="application/json",
                headers={"Accept": "application/json"},
            )
            assert answer.status_code == 403
            assert answer.json()["code"] == "second_factor_missing"
        assert _count() == 0

    def test_is_nothing_to_a_stranger(self, cast: Cast):
        assert _post(Client(), "add/").status_code == 302
        assert _post(Client(), "add/finish/").status_code == 302

    def test_is_not_there_for_an_address_without_a_name(
        self, cast: Cast, signed_in: SignIn, settings
    ):
        settings.PUBLIC_BASE_URL = "http://127.0.0.1:8000"
        client = signed_in(cast.ada)

        assert _post(client, "add/").status_code == 404
        page = client.get("/accounts/second-factor/set-up/").content.decode()
        assert "passkey" not in page


class TestShowing:
    def test_names_the_persons_own_passkeys_alone(self, cast: Cast):
        _give_passkey(cast.ada)
        _give_passkey(cast.ben)

        asked = _post(sign_in_with_password(cast.ada), "show/").json()

        assert asked["rpId"] == "voice.example"
        assert len(asked["allowCredentials"]) == 1

    @pytest.mark.parametrize("body", ANSWERS)
    def test_refuses_what_does_not_answer(self, cast: Cast, body: bytes):
        _give_passkey(cast.ada)
        client = sign_in_with_password(cast.ada)
        _post(client, "show/")

        answer = _post(client, "show/finish/", body)

        assert answer.status_code == 422
        assert client.get("/app/").status_code == 302
        assert actions_of(cast.ada) == ["accounts.passkey.refused"]

    def test_refuses_another_persons_passkey(self, cast: Cast):
        _give_passkey(cast.ben)
        client = sign_in_with_password(cast.ada)
        _post(client, "show/")
        said = {"id": "x", "rawId": "x", "type": "public-key", "response": {}}

        answer = _post(
            client, "show/finish/", json.dumps({"credential": said}).encode()
        )

        assert answer.status_code == 422
        assert "second_factor_at" not in client.session

    def test_of_another_address_is_said_to_be_none(self, cast: Cast, settings):
        _give_passkey(cast.ben)
        with signing_in():
            User.objects.filter(pk=cast.ben.pk).update(second_factor_since=utc_now())
        client = sign_in_with_password(cast.ben)
        settings.PUBLIC_BASE_URL = "http://127.0.0.1:8000"

        page = client.get("/accounts/second-factor/verify/").content.decode()

        assert "made for another address" in page
        assert "Use your passkey" not in page

    def test_is_nothing_to_a_stranger(self, cast: Cast):
        assert _post(Client(), "show/").status_code == 302
        assert _post(Client(), "show/finish/").status_code == 302
