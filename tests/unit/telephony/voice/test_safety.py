import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.voice.safety import (
    count_card_digits,
    find_emergency,
    has_card_detail,
    has_card_number,
    hide_digit_runs,
)
from telephony.voice.spoken.saying import say_digits

EMERGENCIES = [
    ("en", "hello i need to see a doctor i have a really bad pain in my chest"),
    ("en", "i have chest pain s_"),
    ("en", "my chest feels tight"),
    ("en", "now my left arm feels numb"),
    ("en", "i can't breathe properly"),
    ("en", "i'm having trouble breathing"),
    ("en", "my baby is not breathing"),
    ("en", "i think she's having a stroke"),
    ("en", "his face is drooping"),
    ("en", "i can't move my leg"),
    ("en", "i'm bleeding heavily"),
    ("en", "the bleeding won't stop"),
    ("en", "there is so much blood"),
    ("en", "i want to kill myself"),
    ("en", "i feel suicidal"),
    ("en", "i don't want to live anymore"),
    ("en", "i took an overdose"),
    ("en", "he took too many pills"),
    ("en", "my wife is unconscious"),
    ("en", "he collapsed and won't wake up"),
    ("en", "my daughter is having a seizure"),
    ("en", "my throat is closing up"),
    ("en", "this is an emergency"),
    ("en", "i need an ambulance"),
    ("en", "no chest pain but i can't breathe"),
    ("de", "Ich habe starke Schmerzen in der Brust"),
    ("de", "Ich bekomme keine Luft"),
    ("de", "Ich kann nicht atmen"),
    ("de", "Ich glaube, es ist ein Schlaganfall"),
    ("de", "Er blutet sehr stark"),
    ("de", "Ich will mich umbringen"),
    ("de", "Sie ist bewusstlos"),
    ("de", "Ich habe zu viele Tabletten genommen"),
    ("de", "i can't breathe"),
    ("fr", "J'ai très mal dans la poitrine"),
    ("fr", "Je n'arrive plus à respirer"),
    ("fr", "Je crois qu'il fait un AVC"),
    ("fr", "Elle saigne beaucoup"),
    ("fr", "Il est inconscient"),
    ("fr", "Je veux mourir"),
    ("fr", "J'ai pris trop de médicaments"),
]

FALSE_ALARMS = [
    ("en", "my phone number is three one two"),
    ("en", "no chest pain"),
    ("en", "i do not have any chest pain"),
    ("en", "i have no trouble breathing"),
    ("en", "i would like a chest x ray"),
    ("en", "it is not an emergency"),
    ("en", "my emergency contact is my sister"),
    ("en", "my tooth is killing me"),
    ("en", "what a stroke of luck"),
    ("en", "i want to live near the clinic"),
    ("en", "i don't want to live in that street any longer"),
    ("en", "it is about my blood test"),
    ("en", "a number of people"),
    ("en", "i would like to book an appointment for a check up please"),
    ("en", ""),
    ("de", "Ich habe keine Brustschmerzen"),
    ("de", "Das ist kein Notfall"),
    ("de", "Ich hätte gern einen Termin zur Blutabnahme"),
    ("fr", "Ce n'est pas une urgence"),
    ("fr", "Je n'ai pas de douleurs thoraciques"),
    ("fr", "Je voudrais un rendez-vous"),
]


class TestFindEmergency:
    @pytest.mark.parametrize(("language", "said"), EMERGENCIES)
    def test_hears_it(self, language, said):
        assert find_emergency([said], language)

    @pytest.mark.parametrize(("language", "said"), FALSE_ALARMS)
    def test_is_not_alarmed_by_other_words(self, language, said):
        assert not find_emergency([said], language)

    def test_looks_at_every_reading(self):
        assert find_emergency(["the best paint", "chest pain"], "en")

    def test_knows_english_in_a_language_it_does_not_know(self):
        assert find_emergency(["i can't breathe"], "pt-BR")


class TestCardNumbers:
    @pytest.mark.parametrize(
        ("said", "count"),
        [
            (
                "sure my card number is four two four two four two four two four two "
                "four two four two four two",
                16,
            ),
            ("4242 4242 4242 4242", 16),
            ("forty two forty two forty two forty two forty two forty two", 12),
            ("double four triple two", 5),
            ("my card is four two for two four two to two four two four two", 12),
            (
                "visa four two four two um sorry wait four two four two four two four "
                "two",
                12,
            ),
            (
                "kreditkarte vier zwei vier zwei vier zwei vier zwei vier zwei vier "
                "zwei",
                12,
            ),
            (
                "half past ten is perfect my phone number is three one two five five "
                "five zero one four two",
                10,
            ),
            ("one three one two five five five zero one four two", 11),
            ("december twenty fourth at half past ten", 2),
            ("hello", 0),
            ("", 0),
        ],
    )
    def test_are_counted_by_their_longest_row(self, said, count):
        assert count_card_digits(said) == count
        assert has_card_number([said]) is (count >= 12)

    def test_are_found_in_any_reading(self):
        assert has_card_number(["hello", "4242 4242 4242 4242"])
        assert not has_card_number([])

    @pytest.mark.parametrize(
        ("said", "is_detail"),
        [
            (
                "it expires twelve thirty four and the security code is one two three",
                True,
            ),
            ("valid until twelve", True),
            ("one two three", True),
            ("the c v v is nine", True),
            ("gültig bis zwölf", True),
            ("oh okay just text me the payment link then bye", False),
            ("tomorrow at ten", False),
            ("it expires soon", False),
        ],
    )
    def test_are_followed_by_details(self, said, is_detail):
        assert has_card_detail([said]) is is_detail


class TestHideDigitRuns:
    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            (
                "my number is three one two double five five zero one four two thanks",
                "my number is [digits hidden] thanks",
            ),
            (
                "call 312-555-0142 or 312 555 0143 please",
                "call [digits hidden] or [digits hidden] please",
            ),
            ("Half past ten is perfect.", "Half past ten is perfect."),
            ("it was four two four two", "it was four two four two"),
            ("forty-two forty-two forty-two", "[digits hidden]"),
            ("", ""),
        ],
    )
    def test_hides_five_or_more_and_keeps_the_rest(self, said, kept):
        assert hide_digit_runs(said) == kept

    def test_hides_shorter_rows_on_request(self):
        assert hide_digit_runs("the code is one two three", shortest=3) == (
            "the code is [digits hidden]"
        )

    @given(
        st.text("0123456789", min_size=5, max_size=19),
        st.sampled_from(["en", "de", "fr"]),
    )
    def test_leaves_no_digit_of_any_spoken_row(self, digits, language):
        spoken = say_digits(digits, language)
        assert hide_digit_runs(f"so {spoken} thanks") == "so [digits hidden] thanks"
        assert hide_digit_runs(f"so {digits} thanks") == "so [digits hidden] thanks"
