import pytest

from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.programs import Listen, product, read_listen


class TestReadListen:
    def test_is_loopback_unless_told(self):
        assert read_listen({"PORT": "", "HOST": ""}) == Listen("127.0.0.1", 8000)

    @pytest.mark.parametrize("text", ["http", "0", "65534", "-1", "80.0"])
    def test_refuses_what_leaves_no_port_for_the_others(self, text):
        with pytest.raises(EmbeddedError, match=f"from 1 to 65533, not '{text}'"):
            read_listen({"PORT": text})

    @pytest.mark.parametrize(
        ("host", "url"),
        [
            ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 (nothing listens)
            ("::", "http://[::1]:8000"),
            ("clinic.example", "http://clinic.example:8000"),
        ],
    )
    def test_names_an_address_that_a_browser_here_can_open(self, host, url):
        assert Listen(host, 8000).web_url == url


class TestProduct:
    def test_has_a_process_for_each_with_redis(self):
        programs = product(Listen("127.0.0.1", 8000), has_redis=True)

        assert [program.name for program in programs] == [
            "web",
            "media",
            "worker",
            "beat",
        ]
        assert [dict(program.extra) for program in programs] == [{}, {}, {}, {}]

    def test_puts_all_but_media_into_one_without(self):
        programs = product(Listen("127.0.0.1", 8000), has_redis=False)

        assert [(program.name, dict(program.extra)) for program in programs] == [
            ("web", {"SV_ALL_IN_ONE": "1"}),
            ("media", {}),
        ]

    def test_keeps_media_bounded(self):
        media = product(Listen("127.0.0.1", 8000), has_redis=True)[1]

        assert media.ready_port == 8001
        assert media.address == "ws://127.0.0.1:8001"
        assert {
            "--port=8001",
            "--ws-max-size=65536",
            "--ws-per-message-deflate=false",
            "--no-access-log",
        } <= set(media.arguments)
