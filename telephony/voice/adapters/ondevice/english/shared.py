"""Phrases that more than one state of the conversation needs."""

from typing import Final

from telephony.voice.adapters.ondevice.english.numbers import (
    DIGITS,
    MONTHS,
    WEEKDAYS,
    cardinal,
    clock_phrases,
    ordinal,
)

_OPENING_HOURS: Final = range(7, 20)


def _times() -> str:
    every_quarter = (
        phrase
        for hour in _OPENING_HOURS
        for minute in (0, 15, 30, 45)
        for phrase in clock_phrases(hour, minute)
    )
    return " | ".join(dict.fromkeys(every_quarter))


SHARED_RULES: Final = {
    "hello": "hello | hi | hi there | good (morning | afternoon | evening)",
    "greeting": "<hello> | hello good (morning | afternoon) | yes <hello>",
    "please": "please",
    "thanks": "thank you | thanks | thank you very much | thanks a lot",
    "bye": "goodbye | bye | bye bye | have a (nice | good) day",
    "yes": "/4/ yes | yeah | yep | yes please | sure | okay | of course",
    "no": "/4/ no | nope | no thank you | no thanks",
    "digit": f"{' | '.join(f'/2/ {digit}' for digit in DIGITS)} | oh",
    "three_digits": "<digit> <digit> <digit>",
    "four_digits": "<digit> <digit> <digit> <digit>",
    "phone_number": "[one] <three_digits> <three_digits> <four_digits>",
    "phone_said": (
        "(my | my phone | my telephone | my cell | the | the phone) number is"
        " <phone_number> | you can (reach | call) me (at | on) <phone_number>"
    ),
    "weekday": " | ".join(f"/4/ {day}" for day in WEEKDAYS[:5])
    + " | saturday | sunday",
    "month": " | ".join(MONTHS),
    "day_of_month": " | ".join(ordinal(day) for day in range(1, 32)),
    "date": "/3/ the <day_of_month> | <month> <day_of_month>"
    " | the <day_of_month> of <month>",
    "time": _times(),
    "half_day": "/3/ morning | /3/ afternoon | evening",
    "meridiem": "a_ m_ | p_ m_ | in the <half_day>",
    "kind": "a (check up | checkup | cleaning | filling | consultation | physical"
    " | follow up | toothache | vaccination | flu shot | blood test)",
    "doctor": "(the | a) (doctor | dentist | nurse | hygienist)",
    "minutes": " | ".join(cardinal(minute) for minute in (10, 15, 20, 30, 45)),
    "person": (
        "[can i | could i | i would like to | i'd like to | i want to]"
        " (speak | talk) (to | with) (a | a real | the) (person | human | receptionist"
        " | someone) [please] | can i (speak | talk) to someone"
        " | are you (a | a real) (human | person | robot | machine)"
        " | am i (talking | speaking) to a (robot | person | machine | human)"
    ),
    "leave_message": (
        "(can i | could i | i would like to | i'd like to | i want to)"
        " leave a message [for (<doctor> | someone)] [please]"
        " | (can | could) you take a message | please take a message"
    ),
    "cancel": (
        "(i need to | i want to | i would like to | i'd like to | can i | i have to)"
        " (cancel | reschedule | change | move) (my | an | the) appointment"
        " [<when_bare>] [please]"
    ),
    "again": "(can you | could you | please) (repeat | say) that [again] [please]"
    " | pardon | sorry what did you say | i didn't (hear | understand | catch) that",
    "dont_know": "i don't know | i'm not sure",
    "always": "<person> | <leave_message> | <again> | <dont_know>",
    "when_bare": "[next | this | on] <weekday> [<half_day>] | tomorrow [<half_day>]"
    " | today",
}
