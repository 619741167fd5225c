import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.voice.spoken.answers import (
    is_clear_yes,
    read_intents,
    read_yes_no,
    wants_other,
    wants_own_number,
)
from telephony.voice.spoken.language import Intent
from telephony.voice.spoken.languages.known import LANGUAGES
from telephony.voice.spoken.names import read_name
from telephony.voice.spoken.numbers import cardinals, digit_runs
from telephony.voice.spoken.phones import is_phone, split_phone
from telephony.voice.spoken.saying import say_digits, say_phone
from telephony.voice.spoken.words import fold, split


class TestFold:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Dreißig Uhr", "dreissig uhr"),
            ("D'accord, après-demain !", "daccord apres demain"),
            ("ten o\u2019clock", "ten oclock"),
            ("e_ l_ l_", "e l l"),
            ("", ""),
        ],
    )
    def test_leaves_plain_words(self, text, expected):
        assert fold(text) == expected


class TestNumbers:
    @pytest.mark.parametrize("code", ["en", "de", "fr"])
    def test_are_read_as_they_are_said(self, code):
        for number, said in enumerate(LANGUAGES[code].cardinals):
            words = split(said)
            found = cardinals(code).at(words, 0)
            assert found is not None
            assert (found.value, found.end) == (number, len(words))

    @pytest.mark.parametrize(
        ("said", "digits"),
        [
            ("three one two double five five", "312555"),
            ("oh one four two", "0142"),
            ("forty two eight hundred", "42800"),
            ("triple five um four", "5554"),
            ("zweiundvierzig null", "420"),
            ("quatre-vingt-dix-sept zéro", "970"),
            ("555-0142", "5550142"),
        ],
    )
    def test_make_a_row_of_digits(self, said, digits):
        assert [run.digits for run in digit_runs(split(said))] == [digits]


class TestPhones:
    @pytest.mark.parametrize(
        ("language", "said", "digits"),
        [
            (
                "en",
                "half past ten is perfect my phone number is three one two five five "
                "five zero one four two",
                "3125550142",
            ),
            (
                "en",
                "reach me at one three one two double five five oh one four two",
                "13125550142",
            ),
            ("en", "half past ten", ""),
            ("en", "eleven forty five", ""),
            ("de", "meine Nummer ist null eins sieben zwei zweiundvierzig", "017242"),
            (
                "fr",
                "mon numéro est le zéro six douze trente-quatre cinquante-six",
                "06123456",
            ),
        ],
    )
    def test_are_found_beside_other_words(self, language, said, digits):
        assert split_phone(said, language).digits == digits

    def test_leave_the_rest_of_the_sentence(self):
        said = split_phone("Ten is fine, my number is 312 555 0142", "en")
        assert said.rest == "ten is fine my number is"

    @pytest.mark.parametrize(
        ("digits", "is_american", "is_good"),
        [
            ("3125550142", True, True),
            ("13125550142", True, True),
            ("312555014", True, False),
            ("1125550142", True, False),
            ("3121550142", True, False),
            ("030123456", False, True),
            ("123456", False, False),
            ("1" * 16, False, False),
        ],
    )
    def test_are_judged_by_what_can_be_dialled(self, digits, is_american, is_good):
        assert is_phone(digits, is_north_american=is_american) is is_good

    @given(
        st.text("0123456789", min_size=7, max_size=15),
        st.sampled_from(["en", "de", "fr"]),
    )
    def test_read_back_are_the_digits_that_were_said(self, digits, language):
        spoken = say_digits(digits, language)
        assert "".join(run.digits for run in digit_runs(split(spoken))) == digits

    def test_are_said_in_groups(self):
        assert say_phone("+13125550142", "en") == (
            "one, three one two, five five five, zero one four two"
        )
        assert say_phone("", "en") == ""


class TestNames:
    @pytest.mark.parametrize(
        ("language", "said", "name"),
        [
            (
                "en",
                "My name is Margaret Ellis. Ellis, E, L, L, I, S.",
                "Margaret Ellis",
            ),
            ("en", "margaret ellis e_ double l_ i_ s_", "Margaret Ellis"),
            ("en", "margaret alice e l l i s", "Margaret Ellis"),
            ("en", "it's ellis", "Ellis"),
            ("en", "amy adams a_ d_ a_ m_ s_", "Amy Adams"),
            ("en", "jack olson o_ l_ s_ o_ n_", "Jack Olson"),
            ("en", "young y_ o_ u_ n_ g_", "Young"),
            ("en", "e l l i s", "Ellis"),
            ("en", "yes my name is john o'brien", "John O'Brien"),
            ("en", "bill parker please", "Bill Parker"),
            ("en", "my name is ann lee and i would like to come tomorrow", "Ann Lee"),
            ("de", "Ich heiße Thomas Müller-Berger", "Thomas Müller-Berger"),
            ("fr", "Je m'appelle Sophie Lambert", "Sophie Lambert"),
            ("en", "hello", ""),
            ("en", "yes please", ""),
            ("en", "three one two", ""),
            ("en", "", ""),
        ],
    )
    def test_are_read_when_asked_for(self, language, said, name):
        assert read_name(said, language, is_asked=True) == name

    @pytest.mark.parametrize(
        "said", ["i am having a toothache", "this is urgent", "margaret"]
    )
    def test_are_not_made_of_other_words(self, said):
        assert read_name(said, "en", is_asked=False) == ""


class TestYesAndNo:
    @pytest.mark.parametrize(
        ("language", "said", "answer"),
        [
            ("en", "yes please", True),
            ("en", "that's perfect", True),
            ("en", "no thank you", False),
            ("en", "no, that's everything. thank you. goodbye", False),
            ("en", "i do not agree", False),
            ("en", "that's not right", False),
            ("en", "no problem", None),
            ("en", "half past ten", None),
            ("de", "ja gerne", True),
            ("de", "nein danke", False),
            ("fr", "oui d'accord", True),
            ("fr", "non merci", False),
        ],
    )
    def test_are_read(self, language, said, answer):
        assert read_yes_no(said, language) is answer

    @pytest.mark.parametrize(
        ("said", "is_sure", "is_yes"),
        [
            ("yes please", False, True),
            ("yes it is raining", False, False),
            ("yes it is raining", True, True),
            ("no", True, False),
            ("", False, False),
        ],
    )
    def test_are_clear_enough_to_act_on(self, said, is_sure, is_yes):
        assert is_clear_yes(said, "en", is_sure=is_sure) is is_yes

    @pytest.mark.parametrize(
        ("said", "is_own"),
        [
            ("the number i'm calling from", True),
            ("this number is fine", True),
            ("not this number", False),
            ("my number", False),
        ],
    )
    def test_tell_whether_the_callers_own_number_is_meant(self, said, is_own):
        assert wants_own_number(said, "en") is is_own

    @pytest.mark.parametrize(
        ("said", "other"),
        [("the phone number", "phone"), ("another time", "time"), ("what", "")],
    )
    def test_tell_what_is_to_be_changed(self, said, other):
        assert wants_other(said) == other


class TestIntents:
    @pytest.mark.parametrize(
        ("language", "said", "first"),
        [
            (
                "en",
                "hello good morning i would like to book an appointment please",
                Intent.BOOK,
            ),
            ("en", "i need to see a doctor", Intent.BOOK),
            ("en", "i need to cancel my appointment", Intent.CANCEL),
            ("en", "i want to change my appointment", Intent.MOVE),
            ("en", "can i leave a message for the doctor", Intent.MESSAGE),
            ("en", "are you a real person or a robot", Intent.ROBOT),
            ("en", "can i talk to someone", Intent.PERSON),
            ("en", "i want to speak to a human", Intent.PERSON),
            ("en", "i'd like to pay it over the phone", Intent.PAY),
            ("en", "what are your opening hours", Intent.HOURS),
            ("en", "where are you located", Intent.ADDRESS),
            ("en", "do you have parking", Intent.PARKING),
            ("en", "how much does a check up cost", Intent.PRICES),
            ("en", "do you take my insurance", Intent.INSURANCE),
            ("en", "could you repeat that", Intent.REPEAT),
            ("en", "okay bye", Intent.GOODBYE),
            ("de", "Ich muss leider meinen Termin absagen", Intent.CANCEL),
            ("de", "Ich hätte gern einen Termin", Intent.BOOK),
            ("de", "Sind Sie ein Mensch?", Intent.ROBOT),
            ("de", "Kann ich mit jemandem sprechen", Intent.PERSON),
            ("de", "Auf Wiederhören", Intent.GOODBYE),
            (
                "fr",
                "est-ce que je parle à une vraie personne ou à un robot ?",
                Intent.ROBOT,
            ),
            ("fr", "Je préférerais parler à quelqu'un du secrétariat", Intent.PERSON),
            ("fr", "C'est au sujet de mon ordonnance", Intent.MESSAGE),
            ("fr", "je voudrais un rendez-vous", Intent.BOOK),
            ("fr", "je dois annuler mon rendez-vous", Intent.CANCEL),
        ],
    )
    def test_are_read_the_weightiest_first(self, language, said, first):
        assert read_intents(said, language)[0] is first

    @pytest.mark.parametrize(
        "said", ["", "don't cancel it", "next tuesday morning", "margaret ellis", "yes"]
    )
    def test_are_not_read_where_nothing_is_asked(self, said):
        assert read_intents(said, "en") == ()
