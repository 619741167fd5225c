import random

import pytest

from telephony.voice.adapters.ondevice.english.states import STATE_RULES
from telephony.voice.adapters.ondevice.rules import Grammar, RuleError
from telephony.voice.dialogue import Expecting


def _sentences(rule: str, **others: str) -> set[str]:
    grammar = Grammar.read({"top": rule, **others})
    chance = random.Random(1)  # noqa: S311  # the same draw each time
    return {" ".join(grammar.sample("top", chance)) for _ in range(200)}


class TestGrammar:
    def test_says_each_option_and_nothing_else(self) -> None:
        assert _sentences("a (b | c) [d]") == {"a b", "a c", "a b d", "a c d"}

    def test_follows_a_rule_by_its_name(self) -> None:
        assert _sentences("at <hour>", hour="ten | eleven") == {"at ten", "at eleven"}

    def test_never_says_what_weighs_nothing(self) -> None:
        assert _sentences("/0/ a | /2.5/ b") == {"b"}

    def test_refuses_a_rule_that_is_not_there(self) -> None:
        with pytest.raises(RuleError):
            Grammar.read({"top": "at <hour>"})

    @pytest.mark.parametrize("broken", ["a (b", "a b)", "a [b", "a & b", "a ]"])
    def test_refuses_what_it_cannot_read(self, broken: str) -> None:
        with pytest.raises(RuleError):
            Grammar.read({"top": broken})

    def test_writes_a_grammar_with_the_rules_it_needs(self) -> None:
        grammar = Grammar.read({"top": "at <hour>", "hour": "ten", "else": "b"})

        assert grammar.jsgf("top") == (
            "#JSGF V1.0;\ngrammar top;\npublic <top> = at <hour>;\n<hour> = ten;"
        )

    def test_lets_the_rules_of_the_moment_replace_its_own(self) -> None:
        grammar = Grammar.read({"top": "at <hour>", "hour": "ten"})

        assert grammar.jsgf("top", extra={"hour": "two"}).endswith("<hour> = two;")

    def test_knows_all_its_words(self) -> None:
        assert Grammar.read({"top": "a [b | <c>]", "c": "d"}).words() == {"a", "b", "d"}


class TestStateRules:
    @pytest.mark.parametrize("state", list(Expecting))
    def test_every_state_can_be_said(self, state: Expecting) -> None:
        chance = random.Random(1)  # noqa: S311  # the same draw each time

        assert Grammar.read(STATE_RULES).sample(state.value, chance)
