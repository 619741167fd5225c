import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.sessions.devices import _BROWSERS, _SYSTEMS, name_device

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"


class TestNameDevice:
    @pytest.mark.parametrize(
        ("user_agent", "words"),
        [
            (f"{WINDOWS} {WEBKIT} Chrome/131.0.0.0 Safari/537.36", "Chrome on Windows"),
            (
                f"{WINDOWS} {WEBKIT} Chrome/131.0 Safari/537 Edg/131.0",
                "Edge on Windows",
            ),
            (
                f"{WINDOWS} {WEBKIT} Chrome/116.0 Safari/537 OPR/102.0",
                "Opera on Windows",
            ),
            (f"{MAC} AppleWebKit/605 Version/18.1 Safari/605.1.15", "Safari on a Mac"),
            (f"{MAC[:-1]}; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on a Mac"),
            (
                f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1",
                "Safari on an iPhone",
            ),
            (f"{IPHONE} CriOS/131.0 Mobile/15E148 Safari/604.1", "Chrome on an iPhone"),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 "
                "SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
            ),
            (
                f"Mozilla/5.0 (X11; CrOS x86_64) {WEBKIT} Chrome/131",
                "Chrome on ChromeOS",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64) Firefox/132.0", "Firefox on Linux"),
            ("curl/8.5.0", "A browser on an unknown system"),
            ("", "A browser on an unknown system"),
        ],
    )
    def test_says_what_people_call_it(self, user_agent: str, words: str):
        assert name_device(user_agent) == words

    @given(st.text(max_size=200))
    def test_lets_nothing_through_that_a_client_wrote(self, user_agent: str):
        browser, _, system = name_device(user_agent).partition(" on ")

        assert browser in {word for _, word in _BROWSERS} | {"A browser"}
        assert system in {word for _, word in _SYSTEMS} | {"an unknown system"}
