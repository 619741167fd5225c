from datetime import timedelta

import pytest

from compliance.keys.services.rotate_keys import rotate_keys
from tests.cast import Cast
from tests.cast_fixtures import SignIn
from tests.fakes.kms import kms
from tests.fakes.kms.client import lend_credentials
from tests.integration.compliance.keys.conftest import DAY, Installation, forget

PAGE = "/app/settings/encryption/"


@pytest.fixture
def sealed(installation: Installation, cast: Cast) -> Installation:
    for days in (0, 31):
        now = DAY + timedelta(days=days)
        installation.seal(cast.alder.organization.id, "words", now=now)
    installation.seal(cast.birch.organization.id, "words")
    return installation


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


class TestPage:
    def test_says_software_keys_where_they_are(
        self, sealed: Installation, cast: Cast, signed_in: SignIn
    ):
        answer = signed_in(cast.cy).get(PAGE)

        text = _text(answer)
        assert "A file on our server: software keys, no hardware" in text
        assert "signed with another key, a software key: a file on our" in text
        assert sealed.wrapping.current.describe().key_id in text
        assert "<dd> 25 November 2026 </dd>" in text  # in Chicago
        assert "Not yet" in text
        assert "23 February 2027, every 90 days" in text
        assert answer.context["counts"].months == 2
        assert "All of them" in text

    def test_says_when_it_was_rotated_and_what_waits(
        self, sealed: Installation, cast: Cast, signed_in: SignIn
    ):
        rotate_keys(
            wrapping=sealed.wrapping,
            store=sealed.store,
            now=DAY + timedelta(days=91),
            is_asked=True,
        )
        sealed.wrapping.current.begin_generation(DAY + timedelta(days=182))

        answer = signed_in(cast.cy).get(PAGE)

        root, counts = answer.context["root"], answer.context["counts"]
        assert (root.generation, root.made_at) == (3, DAY)
        assert root.rotated_at == DAY + timedelta(days=182)
        assert (counts.months, counts.waiting) == (2, 2)
        assert "Not all yet: 2 wait for the next run" in _text(answer)

    def test_says_that_there_are_none_yet(
        self, installation: Installation, cast: Cast, signed_in: SignIn
    ):
        assert "There are none yet" in _text(signed_in(cast.cy).get(PAGE))

    def test_names_the_key_service_and_that_it_does_not_answer(
        self, installation: Installation, cast: Cast, signed_in: SignIn, settings
    ):
        arn = "arn:aws:kms:eu-central-1:111122223333:key/0"
        settings.KMS_KEY_ID, settings.KMS_ENDPOINT_URL = arn, "http://127.0.0.1:1"
        forget()

        text = _text(signed_in(cast.cy).get(PAGE))

        assert "AWS KMS at another address; whether in hardware is not known" in text
        assert arn in text
        assert "The key service does not answer now" in text

    @pytest.mark.parametrize(
        ("days", "words"),
        [
            (None, "Never: automatic rotation is off in the key service"),
            (90, "By the key service every 90 days, next on 23 February 2027"),
        ],
    )
    def test_tells_wrapping_anew_from_new_key_material(
        self,
        installation: Installation,
        cast: Cast,
        signed_in: SignIn,
        settings,
        monkeypatch,
        days: int | None,
        words: str,
    ):
        lend_credentials(monkeypatch)
        with kms() as service:
            key = service.room.add()
            key.rotated_every_days = days
            key.next_rotation_s = (DAY + timedelta(days=90)).timestamp()
            settings.KMS_KEY_ID, settings.KMS_ENDPOINT_URL = key.arn, service.url
            forget()
            rotate_keys(
                wrapping=installation.wrapping,
                store=installation.store,
                now=DAY,
                is_asked=True,
            )

            text = _text(signed_in(cast.cy).get(PAGE))

        assert f"<dt>New key material</dt> <dd> {words} </dd>" in text
        assert "<dt> Keys last wrapped anew </dt>" in text
        assert "Last rotated" not in text
        assert "Next rotation" not in text

    def test_is_for_who_sees_security(
        self, installation: Installation, cast: Cast, signed_in: SignIn
    ):
        assert signed_in(cast.ben).get(PAGE).status_code == 403
        assert signed_in(cast.ada).post(PAGE).status_code == 405
