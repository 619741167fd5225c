from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from tests.cast import Cast
from tests.cast_fixtures import SignIn

MAIL = "/accounts/demo/mail/"


@pytest.fixture
def mailbox(tmp_path: Path, settings) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def _lay(subject: str, text: str = "x") -> None:
    EmailMessage(subject=subject, body=text, to=["gil@alder.example"]).send()


@pytest.mark.django_db
class TestDemoMail:
    def test_lists_letters_the_newest_first(self, mailbox: Path):
        _lay("Alpha invites you")
        _lay("Beta invites you")

        letters = Client().get(MAIL).context["letters"]

        assert sorted(one.subject for one in letters) == [
            "Alpha invites you",
            "Beta invites you",
        ]
        assert {one.to for one in letters} == {"gil@alder.example"}

    def test_shows_one_as_text(self, mailbox: Path):
        _lay("Ünder <b>", "Go: http://127.0.0.1:8000/x/\n\n<script>alert(1)</script>")
        (letter,) = Client().get(MAIL).context["letters"]

        page = Client().get(f"{MAIL}{letter.name}/").content.decode()

        assert "Ünder &lt;b&gt;" in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert 'href="http://127.0.0.1:8000/x/"' in page

    @pytest.mark.parametrize("name", ["x", "..%2f..%2fsecrets%2fkeyring", "../x"])
    def test_has_nothing_but_letters(self, mailbox: Path, name: str):
        _lay("One")
        (mailbox / "keyring").write_text("CANARY")

        answer = Client().get(f"{MAIL}{name}/")

        assert answer.status_code == 404
        assert "CANARY" not in answer.content.decode()

    def test_says_that_it_is_empty(self, mailbox: Path):
        assert "No letters yet." in Client().get(MAIL).content.decode()

    def test_is_not_there_outside_a_demo(self, mailbox: Path, settings):
        settings.IS_DEMO = False

        assert Client().get(MAIL).status_code == 404

    def test_is_mentioned_beside_an_invitation_in_a_demo_alone(
        self, cast: Cast, signed_in: SignIn, mailbox: Path, settings
    ):
        client = signed_in(cast.ada)
        client.post(
            "/app/settings/people/invite/",
            {"email": "gil@alder.example", "role": "viewer", "days": "7"},
        )

        assert MAIL in client.get("/app/settings/people/").content.decode()
        settings.IS_DEMO = False
        assert MAIL not in client.get("/app/settings/people/").content.decode()
