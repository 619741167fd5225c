import pytest

from telephony.voice.adapters.rules.offers import Answer, judge
from tests.unit.telephony.voice.rules.conversation import (
    NOW,
    TUESDAY_ELEVEN,
    TUESDAY_HALF_PAST_TEN,
)


def verdict(text, *, is_sure=True, offered=(TUESDAY_HALF_PAST_TEN,), language="en"):
    return judge(
        Answer(
            text=text,
            language=language,
            is_sure=is_sure,
            offered=offered,
            today=NOW.date(),
        )
    )


class TestAnOffer:
    @pytest.mark.parametrize(
        "said",
        [
            "yes",
            "yes please",
            "half past ten is perfect",
            "ten thirty",
            "tuesday at half past ten works for me",
            "the twenty fourth at ten thirty a m",
            "i'll take it",
            "that one works",
            "that sounds great",
            "okay thank you",
        ],
    )
    def test_is_accepted_by_its_time_or_a_yes(self, said):
        assert verdict(said).accepted == TUESDAY_HALF_PAST_TEN

    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("de", "ja gerne"),
            ("de", "halb elf passt"),
            ("fr", "oui d'accord"),
            ("fr", "dix heures et demie"),
        ],
    )
    def test_is_accepted_in_other_languages(self, language, said):
        assert verdict(said, language=language).accepted == TUESDAY_HALF_PAST_TEN

    @pytest.mark.parametrize(
        "said",
        [
            "no",
            "no thank you",
            "another time please",
            "none of them works for me",
            "that doesn't suit me",
            "i can't make it",
            "not that one",
        ],
    )
    def test_is_refused_by_a_no(self, said):
        found = verdict(said)
        assert found.is_refused
        assert found.accepted is None

    @pytest.mark.parametrize(
        "said",
        [
            "",
            "hello",
            "is that a good doctor",
            "is it half past ten in the evening",
            "no half past ten is fine",
            "yes no",
            "half past ten or eleven",
            "that is a good question and i was thinking about it for my mother okay",
            "half past ten in the evening",
            "the second one",
        ],
    )
    def test_is_not_accepted_by_anything_else(self, said):
        assert verdict(said).accepted is None

    @pytest.mark.parametrize(
        "said",
        ["yes at eleven", "yes on wednesday", "okay tomorrow", "great the third"],
    )
    def test_gives_way_to_another_time_said_with_a_yes(self, said):
        found = verdict(said)
        assert found.accepted is None
        assert found.wish is not None

    def test_made_earlier_is_accepted_by_its_time(self):
        offered = (TUESDAY_HALF_PAST_TEN, TUESDAY_ELEVEN)
        assert verdict("yes", offered=offered).accepted == TUESDAY_ELEVEN
        assert (
            verdict("half past ten", offered=offered).accepted == TUESDAY_HALF_PAST_TEN
        )
        assert verdict("yes the first one", offered=offered).accepted is None

    @pytest.mark.parametrize(
        "said", ["yes it may rain", "on wednesday", "half past nine"]
    )
    def test_is_untouched_by_a_guess(self, said):
        found = verdict(said, is_sure=False)
        assert (found.accepted, found.is_refused, found.wish) == (None, False, None)
