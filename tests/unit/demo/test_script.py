import pytest

from sondervoice.demo import script
from sondervoice.demo.script import reply_to

OFFER = (
    "I have Tuesday, November twenty-fourth, at {}, with Doctor Okafor. "
    "Shall I book it?"
)


class TestReplyTo:
    @pytest.mark.parametrize(
        ("sentence", "reply"),
        [
            ("How can I help you?", script.OPENING),
            ("What is your first and last name? Please also spell your last name.",
             script.NAME),
            ("I did not catch the name. Please say your first and last name once more, "
             "then spell your last name.", script.NAME),
            ("Which day and time would suit you?", script.WHEN),
            (OFFER.format("half past ten in the morning"), script.HALF_PAST_TEN),
            (OFFER.format("nine o'clock in the morning"), script.YES),
            ("Shall we use the number you are calling from? Say yes or press 1.",
             script.YES),
            ("I have Tuesday, at half past ten, for Michael Wilson. Is that right? Say "
             "yes or press 1, or no or press 2.", script.RIGHT),
            ("May I also record the call? Say yes or press 1.", script.YES),
            ("Is there anything else?", script.THANKS),
            ("I can book that for you.", None),
        ],
    )  # fmt: skip
    def test_answers_the_question_that_was_asked(self, sentence, reply):
        assert reply_to([sentence]) == reply

    def test_answers_the_last_question_and_looks_past_what_asks_nothing(self):
        said = ["How can I help you?", "Für Deutsch drücken Sie die 2."]

        assert reply_to(said) == script.OPENING

    def test_has_nothing_to_say_to_silence(self):
        assert reply_to([]) is None

    def test_has_the_sound_of_each_of_its_lines_made(self):
        spoken = {script.OPENING, script.NAME, script.WHEN, script.PHONE, script.YES,
                  script.HALF_PAST_TEN, script.RIGHT, script.THANKS}  # fmt: skip

        assert set(script.LINES) == spoken
