from dataclasses import replace
from uuid import UUID

import pytest

from telephony.voice.adapters.rules.brain import RulesBrain
from telephony.voice.dialogue import Dialogue, Expecting, Goal
from telephony.voice.ports import PutThrough, Recognised, Remember, Say
from tests.fakes.tools import FakeTools
from tests.unit.telephony.voice.rules.conversation import (
    ASKING,
    BRIEF,
    THREE_LANGUAGES,
    WITH_PERSON,
    Conversation,
    booked,
)

WARNING = "If this is an emergency, hang up and call 911 now."
GO_ON = "If it is not, press 1 to go on, or leave a message with 3."
MORE = "Is there anything else?"
GOODBYE = "Thank you for calling. Goodbye."
HELP = "How can I help you?"
SORRY = "I am sorry, I did not understand."
ASK_MESSAGE = "Please say your message now, with your name and phone number."
MENU = "I did not understand. Press 1 to book, 2 to cancel, or 3 to leave a message."
GERMAN_FIRST = replace(THREE_LANGUAGES, languages=("de", "en"), keeps_sound=True)


@pytest.fixture
def call():
    return Conversation()


class TestOpening:
    async def test_says_the_notice_before_anything_else(self, call):
        assert await call.opens() == [
            "This is the AI assistant of Alder Clinic.",
            "This call is recorded.",
            HELP,
        ]
        said = [piece for piece in call.pieces if isinstance(piece, Say)]
        assert [piece.is_disclosure for piece in said] == [True, True, False]
        assert [piece.is_interruptible for piece in said] == [False, False, True]
        assert call.dialogue.expecting is Expecting.INTENT

    async def test_names_the_other_languages_in_their_own_words(self):
        call = Conversation(brief=THREE_LANGUAGES)
        assert (await call.opens())[-2:] == [
            "Für Deutsch drücken Sie die 2.",
            "Pour le français, appuyez sur 3.",
        ]
        assert call.languages_said()[-2:] == ["de", "fr"]

    async def test_goes_on_in_the_chosen_language_where_the_ear_knows_it(self):
        brain = RulesBrain(hears=frozenset({"en", "de"}))
        call = Conversation(brief=THREE_LANGUAGES, brain=brain)
        await call.opens()
        assert (await call.presses("2"))[:2] == [
            "Hier ist der KI-Assistent der Alder Clinic.",
            "Wie kann ich Ihnen helfen?",
        ]
        assert call.dialogue.language == "de"
        assert await call.says("Ich möchte einen Termin buchen") == [
            "Ich kann das für Sie buchen.",
            "Wie heißen Sie mit Vor- und Nachnamen? Bitte buchstabieren Sie den "
            "Nachnamen.",
        ]

    async def test_asks_for_a_message_in_a_language_the_ear_does_not_know(self):
        call = Conversation(brief=replace(THREE_LANGUAGES, keeps_sound=True))
        await call.opens()
        assert await call.presses("2") == [
            "Hier ist der KI-Assistent der Alder Clinic.",
            "Deutsch verstehe ich gerade nicht. Sprechen Sie jetzt Ihre Nachricht.",
        ]
        assert call.dialogue.clip_wanted
        assert call.dialogue.expecting is Expecting.MESSAGE

    async def test_says_at_once_that_the_first_language_is_not_understood(self):
        brief = replace(GERMAN_FIRST, can_put_through=True)
        call = Conversation(brief=brief, dialogue=Dialogue(language="de"))
        assert await call.opens() == [
            "Hier ist der KI-Assistent der Alder Clinic.",
            "Deutsch verstehe ich gerade nicht. Sprechen Sie jetzt Ihre Nachricht, "
            "oder drücken Sie die 0.",
            "For English, press 2.",
        ]
        assert call.dialogue.expecting is Expecting.MESSAGE
        assert await call.presses("2") == [
            "This is the AI assistant of Alder Clinic.",
            "This call is recorded.",
            HELP,
            "Für Deutsch drücken Sie die 1.",
        ]
        assert call.dialogue.language == "en"
        assert (await call.says("i need an appointment"))[0] == (
            "I can book that for you."
        )

    async def test_takes_what_is_said_in_such_a_language_as_the_message(self):
        call = Conversation(brief=GERMAN_FIRST, dialogue=Dialogue(language="de"))
        await call.opens()
        assert await call.says("", sure=False) == [
            "Vielen Dank. Unser Team bekommt Ihre Nachricht.",
            "Kann ich noch etwas für Sie tun?",
        ]
        assert call.tools.made("take_message") == [("", "", "", False)]

    async def test_promises_a_call_back_where_no_sound_is_kept(self):
        brief = replace(GERMAN_FIRST, keeps_sound=False)
        call = Conversation(brief=brief, dialogue=Dialogue(language="de"))
        assert (await call.opens())[1:] == [
            "Deutsch verstehe ich gerade nicht. Unser Team ruft Sie zurück.",
            "For English, press 2.",
        ]
        await call.leaves()
        assert call.tools.made("take_message") == [
            (
                "Der Anrufer spricht eine Sprache, die der Assistent nicht versteht. "
                "Bitte zurückrufen.",
                "",
                "",
                False,
            )
        ]

    async def test_leaves_no_such_note_once_the_caller_goes_on_in_english(self):
        brief = replace(GERMAN_FIRST, keeps_sound=False)
        call = Conversation(brief=brief, dialogue=Dialogue(language="de"))
        await call.opens()
        await call.presses("2")
        await call.leaves()
        assert call.tools.calls == []


class TestConsent:
    @pytest.mark.parametrize(
        ("said", "is_given", "answer"),
        [
            ("yes", True, "Thank you."),
            ("no i do not agree", False, "Then this call is not recorded."),
        ],
    )
    async def test_is_taken_by_voice(self, said, is_given, answer):
        call = Conversation(brief=ASKING)
        assert (await call.opens())[-1] == "Do you agree to the recording?"
        assert call.dialogue.expecting is Expecting.YES_NO
        assert await call.says(said) == [answer, HELP]
        assert call.tools.calls == [("note_consent", is_given, "voice")]
        assert call.dialogue.consent is is_given

    @pytest.mark.parametrize(("key", "is_given"), [("1", True), ("2", False)])
    async def test_is_taken_by_key(self, key, is_given):
        call = Conversation(brief=ASKING)
        await call.opens()
        await call.presses(key)
        assert call.tools.calls == [("note_consent", is_given, "key")]

    async def test_that_does_not_count_is_not_thanked_for(self):
        call = Conversation(brief=ASKING, tools=FakeTools(takes_consent=False))
        await call.opens()
        assert await call.says("yes") == ["Then this call is not recorded.", HELP]
        assert call.dialogue.consent is False

    async def test_is_not_given_by_silence_and_nothing_is_noted(self):
        call = Conversation(brief=ASKING)
        await call.opens()
        assert await call.is_silent(1) == ["Then this call is not recorded.", HELP]
        assert call.tools.calls == []
        assert call.dialogue.consent is False

    async def test_is_not_given_by_words_that_are_a_guess(self):
        call = Conversation(brief=ASKING)
        await call.opens()
        assert await call.says("yes the weather", sure=False) == [
            SORRY,
            "Please say yes or press 1, or say no or press 2.",
        ]
        await call.says("yes the weather", sure=False)
        assert call.tools.calls == []
        assert call.dialogue.consent is False

    async def test_keeps_a_refused_name_from_being_kept_as_sound(self):
        call = Conversation(brief=ASKING)
        await call.opens()
        await call.presses("2")
        await call.says("i need an appointment")
        await call.says("", sure=False)
        assert call.dialogue.clip_wanted is False


class TestEmergency:
    async def test_is_answered_with_the_number_first_and_noted_once(self, call):
        await call.opens()
        assert await call.says(
            "hello i need to see a doctor i have a really bad pain in my chest"
        ) == [WARNING, GO_ON]
        assert call.dialogue.goal is Goal.EMERGENCY
        await call.says("now my left arm feels numb i can't breathe properly")
        assert await call.says("i'm on my own what should i do") == [
            "Please hang up now and call 911.",
            GO_ON,
        ]
        assert await call.says("okay okay i will call them now") == [
            "Please hang up now and call 911."
        ]
        assert call.has_hung_up
        assert call.tools.calls == [("note_emergency",)]

    async def test_is_found_in_another_reading_of_the_words(self, call):
        await call.opens()
        heard = await call.says(
            "the best paint", sure=False, alternatives=("i have chest pains",)
        )
        assert heard[0] == WARNING

    async def test_is_found_in_the_answer_to_any_question(self):
        call = Conversation(brief=ASKING)
        await call.opens()
        assert (await call.says("my husband is not breathing"))[0] == WARNING
        assert call.tools.calls == [("note_emergency",)]

    async def test_cannot_be_spoken_over(self, call):
        await call.opens()
        await call.says("i can't breathe")
        said = [piece for piece in call.pieces if isinstance(piece, Say)]
        assert said[0].is_interruptible is False

    async def test_makes_the_message_that_follows_urgent(self, call):
        await call.opens()
        await call.says("she collapsed")
        await call.presses("3")
        await call.says("please call me")
        assert call.tools.made("take_message") == [("please call me", "", "", True)]

    async def test_offers_a_person_where_there_is_one(self):
        call = Conversation(brief=WITH_PERSON)
        await call.opens()
        heard = await call.says("i took too many pills")
        assert heard[1].endswith("or 0 to speak to a person here.")
        await call.presses("0")
        assert call.is_put_through

    async def test_says_the_number_of_the_country(self):
        call = Conversation(brief=replace(BRIEF, emergency_number="112"))
        await call.opens()
        assert (await call.says("i have chest pain"))[0] == (
            "If this is an emergency, hang up and call 112 now."
        )


class TestCancelling:
    async def test_reads_the_meant_appointment_back_and_cancels_it(self):
        call = Conversation(tools=FakeTools(own=(booked(9, 23, 9), booked(10, 24, 14))))
        await call.opens()
        assert await call.says("i need to cancel my appointment on tuesday") == [
            "I find Tuesday, November twenty-fourth, at two o'clock in the afternoon, "
            "with Doctor Reed. Shall I cancel it? Say yes or press 1, or no or press 2."
        ]
        assert await call.says("yes") == [
            "Cancelled: Tuesday, November twenty-fourth, at two o'clock in the "
            "afternoon, with Doctor Reed.",
            MORE,
        ]
        assert call.tools.made("cancel") == [(UUID(int=10),)]

    async def test_does_nothing_on_a_yes_that_was_a_guess(self):
        call = Conversation(tools=FakeTools(own=(booked(9, 23, 9),)))
        await call.opens()
        await call.says("cancel my appointment")
        await call.says("yes", sure=False)
        assert call.tools.made("cancel") == []

    async def test_goes_through_the_appointments_and_cancels_none_on_no(self):
        call = Conversation(tools=FakeTools(own=(booked(9, 23, 9), booked(10, 24, 14))))
        await call.opens()
        await call.presses("2")
        assert (await call.presses("2"))[0].startswith("I find Tuesday")
        assert await call.says("no") == ["Then I have cancelled nothing.", MORE]
        assert call.tools.made("cancel") == []

    async def test_becomes_a_message_when_nothing_is_found(self, call):
        await call.opens()
        assert await call.says("i want to cancel my appointment") == [
            "I find no appointment under the number you are calling from.",
            ASK_MESSAGE,
        ]


class TestMessages:
    async def test_are_taken_as_they_are_said(self, call):
        await call.opens()
        assert await call.says("can i leave a message please") == [ASK_MESSAGE]
        assert call.dialogue.clip_wanted
        assert await call.says("please cancel my subscription and call me") == [
            "Thank you. Our staff will get your message.",
            MORE,
        ]
        assert call.tools.calls == [
            ("take_message", "please cancel my subscription and call me", "", "", False)
        ]
        assert call.dialogue.clip_wanted is False

    async def test_are_not_promised_when_they_were_refused(self):
        call = Conversation(tools=FakeTools(refuses=frozenset({"take_message"})))
        await call.opens()
        await call.presses("3")
        assert (await call.says("call me"))[0] == (
            "I am sorry, I could not keep your message. Please call again later."
        )


class TestQuestionsAboutUs:
    @pytest.mark.parametrize(
        "said",
        [
            "are you a real person or a robot",
            "am i talking to a machine",
            "are you human",
        ],
    )
    async def test_are_answered_truthfully(self, call, said):
        await call.opens()
        assert await call.says(said) == [
            "No, I am not a person. I am an AI assistant of Alder Clinic.",
            HELP,
        ]

    async def test_lead_to_a_person_where_there_is_one(self):
        call = Conversation(brief=WITH_PERSON)
        await call.opens()
        assert await call.says("i would like to speak to a person") == [
            "I am putting you through to a person. One moment, please."
        ]
        assert PutThrough() in call.pieces
        assert call.dialogue.goal is Goal.PERSON

    async def test_lead_to_a_message_where_there_is_none(self, call):
        await call.opens()
        assert await call.presses("0") == [
            "I cannot put you through to a person, but our staff will call you back.",
            ASK_MESSAGE,
        ]

    async def test_are_answered_from_the_facts(self, call):
        await call.opens()
        assert await call.says("what are your opening hours") == [
            "We are open on weekdays from eight to five.",
            HELP,
        ]
        assert await call.says("where can i park") == [
            "I do not know that, but our staff do.",
            HELP,
        ]

    async def test_can_be_asked_again(self, call):
        await call.opens()
        await call.says("i need an appointment")
        assert await call.says("can you say that again") == [
            "What is your first and last name? Please also spell your last name."
        ]


class TestSilence:
    async def test_is_asked_about_twice_and_then_ends_the_call(self, call):
        await call.opens()
        assert await call.is_silent(1) == ["Are you still there?", HELP]
        assert await call.is_silent(2) == ["Are you still there?", HELP]
        assert await call.is_silent(3) == [GOODBYE]
        assert call.has_hung_up

    async def test_repeats_the_emergency_number_before_letting_go(self, call):
        await call.opens()
        await call.says("i can't breathe")
        assert (await call.is_silent(3)) == ["Please hang up now and call 911."]
        assert call.has_hung_up


class TestCallersNobodyUnderstands:
    async def test_hear_the_keys_the_second_time_and_leave_a_message_the_third(
        self, call
    ):
        await call.opens()
        assert await call.says("", sure=False) == [SORRY, HELP]
        assert await call.says("", sure=False) == [MENU]
        assert await call.says("", sure=False) == [ASK_MESSAGE]
        assert call.dialogue.expecting is Expecting.MESSAGE
        assert call.dialogue.clip_wanted
        await call.says("", sure=False)
        assert call.tools.made("take_message") == [("", "", "", False)]
        await call.says("", sure=False)
        assert await call.says("", sure=False) == [GOODBYE]
        assert call.has_hung_up

    async def test_are_put_through_the_third_time_where_there_is_a_person(self):
        call = Conversation(brief=WITH_PERSON)
        await call.opens()
        for _turn in range(3):
            await call.says("", sure=False)
        assert call.is_put_through

    async def test_are_told_so_in_their_language_and_leave_their_words_as_sound(self):
        call = Conversation(brief=THREE_LANGUAGES)
        await call.opens()
        await call.says("", sure=False)
        assert await call.says("", sure=False) == [
            "I am sorry, I did not understand.",
            "Deutsch verstehe ich gerade nicht. Sprechen Sie jetzt Ihre Nachricht.",
            "Je ne comprends pas le français. Dites votre message maintenant.",
            "Press 1 to book, 2 to cancel, or 3 to leave a message.",
        ]
        assert call.languages_said() == ["", "de", "fr", ""]
        assert call.dialogue.clip_wanted
        assert await call.says("march", sure=False) == [
            "Thank you. Our staff will get your message.",
            "Vielen Dank. Unser Team bekommt Ihre Nachricht.",
            "Merci. Notre équipe recevra votre message.",
            MORE,
        ]
        assert call.tools.made("take_message") == [("", "", "", False)]

    async def test_are_told_of_the_person_they_can_reach(self):
        brief = replace(THREE_LANGUAGES, can_put_through=True)
        call = Conversation(brief=brief)
        await call.opens()
        await call.says("", sure=False)
        heard = await call.says("", sure=False)
        assert heard[1].endswith("oder drücken Sie die 0.")
        await call.presses("0")
        assert call.is_put_through

    async def test_end_in_a_message_also_when_taken_for_a_booking(self):
        call = Conversation(brief=THREE_LANGUAGES)
        await call.opens()
        await call.says("i would like to book an appointment")
        await call.says("thomas", sure=False)
        heard = await call.says("march", sure=False)
        assert heard[2].startswith("Deutsch verstehe ich gerade nicht")
        await call.says("", sure=False)
        assert call.tools.made("take_message") == [("", "", "", False)]
        assert call.tools.made("book") == []

    async def test_start_anew_once_understood(self, call):
        await call.opens()
        await call.says("", sure=False)
        await call.says("what are your opening hours")
        assert await call.says("", sure=False) == [SORRY, HELP]


class TestEveryReply:
    async def test_remembers_before_it_speaks_where_the_dialogue_went(self, call):
        await call.opens()
        await call.says("i need an appointment")
        assert isinstance(call.pieces[0], Remember)
        assert call.pieces[0].dialogue.expecting is Expecting.NAME
        assert isinstance(call.pieces[-1], Remember)

    async def test_takes_words_it_was_never_asked_for(self, call):
        assert await call.says("i need an appointment") == [
            "I can book that for you.",
            "What is your first and last name? Please also spell your last name.",
        ]
        assert Recognised(text="", is_sure=False).alternatives == ()
