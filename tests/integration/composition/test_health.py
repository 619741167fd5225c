import pytest
from django.db import OperationalError
from django.test import Client

from sondervoice import health


class TestHealth:
    @pytest.mark.parametrize(
        ("address", "words"), [("/healthz", b"ok\n"), ("/readyz", b"ready\n")]
    )
    def test_is_told_to_everybody_and_says_no_more(
        self, db: None, address: str, words: bytes
    ):
        answer = Client().get(address)

        assert (answer.status_code, answer.content) == (200, words)
        assert answer.headers["Content-Type"] == "text/plain"
        assert "Server" not in answer.headers
        assert answer.cookies == {}

    def test_is_not_ready_without_the_database(self, monkeypatch):
        class Away:
            def cursor(self):
                raise OperationalError

        monkeypatch.setattr(health, "connection", Away())

        lives, ready = Client().get("/healthz"), Client().get("/readyz")

        assert lives.status_code == 200
        assert (ready.status_code, ready.content) == (503, b"not ready\n")
