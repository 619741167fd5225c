from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.sessions.models import EndReason
from accounts.sessions.words import Notice, SignIn, notice_of

AT = datetime(2026, 11, 20, 15, 41, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")


def _notice(
    reason: EndReason,
    *,
    later: SignIn | None = None,
    minutes: int = 15,
    hours: int = 12,
) -> Notice:
    return notice_of(
        reason,
        idle=timedelta(minutes=minutes),
        longest=timedelta(hours=hours),
        later=later,
        zone=CHICAGO,
    )


class TestNotice:
    def test_says_when_and_with_what_one_signed_in_elsewhere(self):
        found = _notice(
            EndReason.SUPERSEDED, later=SignIn(at=AT, device="Chrome on Windows")
        )

        assert found.title == "You signed in elsewhere"
        assert found.words == (
            "At 09:41 Chicago time, with Chrome on Windows. One session a person: this "
            "one is over. If that was not you, sign in here, then end all sessions and "
            "change your password."
        )

    def test_of_a_browser_that_nobody_knows_is_a_sentence_too(self):
        later = SignIn(at=AT, device="A browser on an unknown system")

        words = _notice(EndReason.SUPERSEDED, later=later).words

        assert words.startswith("At 09:41 Chicago time, with a browser on an unknown")

    @pytest.mark.parametrize(
        ("reason", "number", "title"),
        [
            (EndReason.IDLE, 15, "You were signed out after 15 quiet minutes"),
            (EndReason.IDLE, 1, "You were signed out after 1 quiet minute"),
            (EndReason.TOO_OLD, 12, "You were signed out after 12 hours"),
            (EndReason.TOO_OLD, 1, "You were signed out after 1 hour"),
        ],
    )
    def test_names_the_limit(self, reason: EndReason, number: int, title: str):
        assert _notice(reason, minutes=number, hours=number).title == title

    @pytest.mark.parametrize("reason", list(EndReason))
    def test_of_each_reason_has_a_title_and_a_cure(self, reason: EndReason):
        found = _notice(reason)

        assert found.title
        assert not found.title.endswith(".")
        assert found.words.endswith(".")
