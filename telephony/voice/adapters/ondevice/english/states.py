"""What callers say in each state of a booking, as rules.

The rule of a state is named after it (`Expecting.WHEN` → ``when``). The rule `offer`
needs two more, made from the slots on offer: ``offered`` and ``offered_day``.
"""

from typing import Final

from telephony.voice.adapters.ondevice.english.emergencies import EMERGENCY_RULES
from telephony.voice.adapters.ondevice.english.names import name_rules
from telephony.voice.adapters.ondevice.english.numbers import cardinal
from telephony.voice.adapters.ondevice.english.shared import SHARED_RULES

_DOLLARS: Final = (20, 25, 30, 40, 45, 50, 55)

_INTENT: Final = {
    "want": "/3/ i would like | /3/ i'd like | /2/ i want | i need | i am calling"
    " | i'm calling | can i | could i | i was hoping",
    "appointment": "/4/ an appointment | a visit | a (check up | checkup | cleaning)",
    "book": (
        "<want> to (/3/ book | /3/ make | schedule | set up | get | have) <appointment>"
        " | (can | could | may) i (/3/ book | /3/ make | schedule | get | have)"
        " <appointment> | (i'd like | i would like | i need) <appointment>"
        " | (book | make | schedule) <appointment>"
        " | <want> to see (<doctor> | someone)"
    ),
    "booking": "<book> [for <kind>] [(for | on) <when_bare>] [please]",
    "info": (
        "what are your (opening hours | hours) | when (are you open | do you open"
        " | do you close) | are you open on (saturday | sunday | the weekend)"
        " | where are you [located] | what is your address | do you have parking"
        " | where can i park | how much does (it | a check up | a cleaning) cost"
        " | do you (take | accept) (my insurance | insurance | new patients)"
    ),
    "bill": "(i got | i have | i want to pay) (a | my) bill [for <money>]"
    " [and i'd like to pay it over the phone [right now]]",
    "money": f"({' | '.join(cardinal(number) for number in _DOLLARS)}) dollars",
    "intent": (
        "[<greeting>] (/8/ <booking> | /2/ <cancel> | <info> | <leave_message>"
        " | <person> | <bill> | /0.5/ <emergency>) [<thanks>] | <greeting>"
        " | <yes> | <no>"
    ),
}

_WHEN: Final = {
    "around": "around | at | about | after | before | from",
    "day": "/4/ [next | on | this] <weekday> | /2/ tomorrow | today"
    " | the day after tomorrow | [on] <date> | [on] <weekday> <date>"
    " | next week | this week",
    "when_time": "<around> <time> [<meridiem>]",
    "suits": "would be (/3/ best | great | good | fine | perfect | nice)"
    " | works [best] [for me] | is (good | best | fine) [for me] | please"
    " | if possible",
    "if_free": "if you have (anything | something) [free | available] [<when_time>]"
    " | if that's possible | if possible | if you can",
    "wish": "/6/ <day> [in the] [<half_day>] [<when_time>]"
    " | <when_time> [<day>] | in the <half_day> | any <half_day>",
    "wish_lead": "do you have (anything | something) | i would like | i'd like"
    " | how about | what about | maybe | i can come | could i come | can i come"
    " | i'd prefer | i would prefer",
    "any_time": "as soon as possible | [at] any time | whenever you have"
    " (something | anything) | the (first | next) available [appointment]"
    " | i don't mind | anytime [next week | this week]",
    "when": "/8/ [<yes> | <wish_lead>] <wish> [<suits>] [<if_free>] [please]"
    " | [<yes>] <any_time> [please] | /0.5/ <always> | /0.3/ <no>",
}

_OFFER: Final = {
    "nice": "/3/ perfect | great | good | fine | okay | best | wonderful | all right",
    "works": "works [for me] | [that] is <nice> | sounds <nice> | would be <nice>"
    " | please",
    "ordinal_choice": "the (first | second | third | last) (one | time | appointment)"
    " | the (first | second | third | last) [one]",
    "accept": (
        "/5/ [<yes>] [i'll take | i will take | let's (do | take) | i'd like"
        " | i would like] (/4/ <offered> | <ordinal_choice>) [<works>]"
        " | /2/ [<yes>] (that | that one | that time | it) (works [for me]"
        " | is (perfect | fine | great | good | okay) | sounds (good | great |"
        " perfect)) | that's (perfect | fine | great | good | okay)"
        " | <yes> [that's fine]"
    ),
    "refuse": (
        "[<no>] [none of (those | them) (work | works) [for me] | i can't make it"
        " | that doesn't work [for me]] [do you have (anything | something)"
        " (later | earlier | else | in the <half_day> | on <weekday> | another day)]"
        " | [<no>] (another | a different) (day | time) [please] | <no>"
    ),
    "offer": "/8/ <accept> [thank you] | /4/ <accept> <phone_said> | /3/ <refuse>"
    " | /0.5/ <always>",
}

_NAME: Final = {
    "name_lead": "/4/ my name is | /2/ it's | it is | this is | i'm | i am"
    " | the name is | yes my name is | sure my name is",
    "name": "/8/ [<name_lead>] [<first_name>] <surname_perhaps_spelled>"
    " | /0.3/ <always>",
}

_PHONE: Final = {
    "phone": "/2/ [yes | sure | okay] <phone_number> | /4/ [yes | sure] <phone_said>"
    " | it's <phone_number> | this number [is fine] | the number i'm calling from"
    " | /0.5/ <always> | /0.3/ <no> | /0.3/ <yes>",
}

_REST: Final = {
    "right": "that's (right | correct | fine | it) | correct | exactly | right"
    " | yes that's (right | correct)",
    "wrong": "that's (wrong | not right | not correct | incorrect) | wrong"
    " | no that's (wrong | not right)",
    "yes_no": "/4/ <yes> | /4/ <no> | /2/ <right> | /2/ <wrong> | i agree | that's okay"
    " | i do | i don't | i do not want that | [no] i (don't | do not) agree"
    " | /0.5/ <always>",
    "message_about": "my (prescription | appointment | test results | blood test | bill"
    " | insurance | medication | tooth | referral | medicine | records)",
    "message": (
        "[please | could you | can you] (call me back | give me a call | tell <doctor>"
        " to call me | have <doctor> call me [back]) [about <message_about>]"
        " [please | as soon as possible | today | tomorrow] | i (have a question |"
        " am calling) about <message_about> | i need (a refill of my prescription"
        " | a new prescription | a referral) | [can you] tell <doctor> [that] i"
        " (called | will be late | can't come) | it's about <message_about>"
        " | <phone_said> | /0.5/ <booking> | /0.5/ <person>"
    ),
    "closing": (
        "[<no>] (/3/ that's (everything | all | it) | that is (everything | all)"
        " | nothing else | i'm good | i am fine) [<thanks>] [<bye>]"
        " | <no> [<thanks>] [<bye>] | <thanks> [<bye>] | <bye>"
        " | (okay | great | perfect | all right) <thanks> [<bye>]"
        " | yes [actually] (<booking> | i have a question | one more thing)"
        " | <yes> | /0.5/ <cancel> | /0.5/ <info> | /0.5/ <always>"
    ),
    "anything": "/4/ <intent> | <when> | <yes_no> | <closing> | <phone> | <name>"
    " | <message> | /0.5/ <emergency>",
    "offered": "[<weekday>] [<date>] [at] <time> [<meridiem>]",
}

STATE_RULES: Final = {
    **SHARED_RULES, **name_rules(), **EMERGENCY_RULES,
    **_INTENT, **_WHEN, **_OFFER, **_NAME, **_PHONE, **_REST,
}  # fmt: skip
