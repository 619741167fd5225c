from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.asking.links import (
    LinkFault,
    LinkPurpose,
    fault_of,
    make_link,
    read_link,
)

NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
ASKING = UUID("01930000-0000-7000-8000-000000000001")
MAIL = "hannah@home.example"
OLD, NEW = "old-secret-" + "x" * 40, "new-secret-" + "y" * 40


def _make(purpose=LinkPurpose.CONFIRM, **other) -> str:
    values = {"asking_id": ASKING, "contact": MAIL, "expires_at": NOW}
    return make_link(purpose, **{**values, **other})


def _judge(token, *, now=NOW - timedelta(hours=1), **other):
    link = read_link(token)
    if link is None:
        return LinkFault.SHAPE
    wanted = {"purpose": LinkPurpose.CONFIRM, "contact": MAIL, **other}
    return fault_of(link, now=now, **wanted)


class TestLink:
    def test_holds_until_the_second_it_expires(self):
        token = _make()

        assert _judge(token) is None
        assert _judge(token, now=NOW - timedelta(seconds=1)) is None
        assert _judge(token, now=NOW) is LinkFault.EXPIRED

    @pytest.mark.parametrize("other", [LinkPurpose.STATUS, LinkPurpose.PACKAGE])
    def test_is_worth_nothing_for_another_purpose(self, other):
        assert _judge(_make(other)) is LinkFault.FORGED
        assert _judge(_make(), purpose=other) is LinkFault.FORGED

    def test_is_worth_nothing_for_another_mailbox(self):
        assert _judge(_make(), contact="eve@elsewhere.example") is LinkFault.FORGED

    def test_says_nothing_personal(self):
        assert MAIL not in _make()
        assert "home" not in _make()

    def test_breaks_when_any_sign_is_another(self):
        token = _make()

        for at, sign in enumerate(token):
            for other in "Aa0-._" if at % 9 == 0 else "Ab":
                if other != sign:
                    flipped = token[:at] + other + token[at + 1 :]
                    assert _judge(flipped) is not None, (at, other)

    def test_breaks_when_a_later_end_is_written_into_it(self):
        later = _make(expires_at=NOW + timedelta(days=9)).split(".")
        token = _make().split(".")
        token[2] = later[2]

        assert _judge(".".join(token)) is LinkFault.FORGED

    @given(st.text(max_size=200))
    def test_reads_any_text_without_an_error(self, text):
        assert _judge(text) is not None


class TestRotation:
    def test_lets_the_old_key_open_for_as_long_as_it_stands(self, settings):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
        token = _make()

        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
        assert _judge(token) is None
        assert _make().partition(".")[0] != token.partition(".")[0]

        settings.SECRET_KEY_FALLBACKS = []
        assert _judge(token) is LinkFault.KEY
