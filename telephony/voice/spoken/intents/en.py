"""What English sentences ask for: patterns over folded words."""

from collections.abc import Mapping
from typing import Final

from telephony.voice.spoken.language import Intent

_A_PERSON = (
    r"(?:someone|somebody|anyone|reception|the front desk|the staff"
    r"|(?:an? |the )?(?:real |live |actual |human )?"
    r"(?:person|human|receptionist|operator|representative))"
)

INTENTS: Final[Mapping[Intent, tuple[str, ...]]] = {
    Intent.ROBOT: (
        r"(?:are|is|am) (?:you|this|it|i|that) .*"
        r"(?:robot|machine|computer|human|bot|recording|real|ai|a i|automated)",
        r"(?:are you|am i (?:talking|speaking) (?:to|with)) a (?:real )?person",
        r"(?:who|what) am i (?:talking|speaking) to",
        r"is this a person",
    ),
    Intent.PERSON: (
        rf"(?:talk|speak|connect me|transfer me|get me) (?:to |with )?{_A_PERSON}",
        rf"(?:want|need|like|prefer|have) {_A_PERSON}",
        r"put me through",
        r"human being",
        rf"^{_A_PERSON}(?: please)?$",
    ),
    Intent.CANCEL: (
        r"cancel(?:led|ling|lation)?",
        r"call off",
        r"(?:cant|cannot|can not|not able to|unable to|wont be able to) "
        r"(?:make|keep|come to) (?:it|my|the)",
    ),
    Intent.MOVE: (
        r"reschedule",
        r"postpone",
        r"(?:move|change|shift) (?:my|the|an) (?:appointment|booking|visit|time)",
    ),
    Intent.MESSAGE: (
        r"(?:leave|take|pass on|give (?:him|her|them)) (?:a |the )?message",
        r"(?:prescription|refill|test results?|blood results?|referral|sick note)",
        r"(?:call|ring|phone) me back",
        r"(?:give me a call|a callback)",
        r"(?:tell|ask) (?:the|my) (?:doctor|dentist|nurse|hygienist)",
        r"have a question",
    ),
    Intent.PAY: (
        r"pay",
        r"paying",
        r"payment",
        r"bill",
        r"invoice",
        r"(?:credit|debit) card",
    ),
    Intent.HOURS: (
        r"(?:opening|office|your|business) hours",
        r"opening times",
        r"(?:when|what time) (?:are|do) you (?:open|close|closed)",
        r"are you open",
    ),
    Intent.ADDRESS: (
        r"(?:your|the) address",
        r"where are you",
        r"where is the (?:clinic|practice|office|surgery)",
        r"directions",
        r"how do i (?:get there|get to|find you)",
    ),
    Intent.PARKING: (r"park", r"parking", r"car park"),
    Intent.PRICES: (r"how much", r"your prices", r"(?:does|do) .* cost"),
    Intent.INSURANCE: (r"insurance", r"insured"),
    Intent.BOOK: (
        r"appointments?",
        r"book(?:ing)?",
        r"check ?up",
        r"schedule",
        r"come in",
        r"(?:a|make a|another) (?:visit|cleaning|filling|consultation)",
        r"to see someone",
        r"(?:need|like|want|have|possible) to (?:see|visit|be seen)",
        r"see (?:a|the|my) (?:doctor|dentist|nurse|hygienist)",
        r"new patient",
    ),
    Intent.REPEAT: (
        r"say (?:that|it)(?: again)?",
        r"repeat",
        r"come again",
        r"pardon",
        r"(?:did not|didnt) (?:hear|catch|understand|get)",
        r"what did you say",
        r"one more time",
        r"what was that",
    ),
    Intent.GOODBYE: (
        r"good ?bye",
        r"bye",
        r"thats (?:all|everything|it)",
        r"that is (?:all|everything|it)",
        r"that will be all",
        r"nothing (?:else|more)",
        r"hang up",
        r"have a (?:nice|good) day",
    ),
}
