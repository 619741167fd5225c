import random
from datetime import UTC, datetime
from uuid import UUID

import pytest

from telephony.voice.adapters.ondevice.english.numbers import (
    cardinal,
    clock_phrases,
    ordinal,
)
from telephony.voice.adapters.ondevice.offers import offer_rules, slot_words
from telephony.voice.adapters.ondevice.rules import Grammar
from telephony.voice.dialogue import Slot

_SLOT = Slot(
    id=UUID(int=1),
    starts_at=datetime(2026, 11, 24, 10, 30, tzinfo=UTC),
    with_whom="doctor lee",
    kind="check up",
)


class TestOfferRules:
    def test_says_the_slot_by_day_by_time_and_by_both(self) -> None:
        grammar = Grammar.read(offer_rules([_SLOT]))
        chance = random.Random(1)  # noqa: S311  # the same draw each time
        said = {" ".join(grammar.sample("offered", chance)) for _ in range(3_000)}

        assert "half past ten" in said
        assert "ten thirty a_ m_" in said
        assert "on tuesday the twenty fourth at half past ten" in said
        assert not any("eleven" in sentence for sentence in said)

    def test_has_no_rule_without_an_offer(self) -> None:
        assert offer_rules([]) == {}

    def test_knows_the_words_that_may_choose_the_slot(self) -> None:
        assert slot_words(_SLOT) == {
            *("tuesday", "twenty", "fourth", "november", "morning"),
            *("half", "past", "ten", "thirty", "yes"),
        }


class TestNumbers:
    @pytest.mark.parametrize(
        ("hour", "minute", "phrases"),
        [
            (10, 30, ("half past ten", "ten thirty")),
            (9, 0, ("nine o'clock", "nine")),
            (12, 0, ("twelve o'clock", "twelve", "noon", "midday")),
            (14, 45, ("a quarter to three", "quarter to three", "two forty five")),
            (
                11,
                15,
                ("a quarter past eleven", "quarter past eleven", "eleven fifteen"),
            ),
            (8, 20, ("twenty past eight", "eight twenty")),
            (0, 50, ("ten to one", "twelve fifty")),
            (16, 5, ("five past four", "four oh five")),
        ],
    )
    def test_says_the_time_in_its_ways(
        self, hour: int, minute: int, phrases: tuple[str, ...]
    ) -> None:
        assert clock_phrases(hour, minute) == phrases

    def test_says_cardinals_and_ordinals(self) -> None:
        assert [cardinal(n) for n in (0, 13, 20, 45)] == [
            "zero", "thirteen", "twenty", "forty five",
        ]  # fmt: skip
        assert [ordinal(n) for n in (1, 12, 20, 24, 30)] == [
            "first", "twelfth", "twentieth", "twenty fourth", "thirtieth",
        ]  # fmt: skip
