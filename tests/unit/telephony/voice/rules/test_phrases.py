import re
from string import Formatter

import pytest

from telephony.voice.adapters.rules.phrases.known import PHRASES
from telephony.voice.adapters.rules.questions import QUESTIONS
from telephony.voice.adapters.rules.topics import Topic


def placeholders(phrase):
    return {
        name for _text, name, _spec, _conversion in Formatter().parse(phrase) if name
    }


@pytest.mark.parametrize("language", ["de", "fr"])
class TestPhrases:
    def test_are_the_same_in_every_language(self, language):
        assert PHRASES[language].keys() == PHRASES["en"].keys()

    def test_name_the_same_things_in_every_language(self, language):
        for key, phrase in PHRASES["en"].items():
            assert placeholders(PHRASES[language][key]) == placeholders(phrase), key

    def test_name_the_same_keys_in_every_language(self, language):
        for key, phrase in PHRASES["en"].items():
            assert set(re.findall(r"\d", PHRASES[language][key])) == set(
                re.findall(r"\d", phrase)
            ), key


class TestQuestions:
    def test_cover_every_topic(self):
        assert set(QUESTIONS) == set(Topic)

    def test_have_their_phrases(self):
        for question in QUESTIONS.values():
            assert question.phrase in PHRASES["en"]
            assert (question.with_person or "ask_menu") in PHRASES["en"]
