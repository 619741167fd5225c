"""A brain that greets, and says the same to whatever happens then."""

from telephony.voice.ports import CallerSilent, CallOpened, Say
from tests.fakes.vendors import ScriptedBrain
from tests.fakes.virtual import NAMED, WRITTEN

HELP = "How can I help you today?"
LONG = "We are open from Monday to Friday, and on Saturday in the morning as well."
NOTICE = (
    Say(text=NAMED, is_interruptible=False, is_disclosure=True),
    Say(text=WRITTEN, is_interruptible=False, is_disclosure=True),
)
# At 20 ms a letter, one after the other.
NOTICE_MS = (len(NAMED) + len(WRITTEN)) * 20
OPENED_MS = NOTICE_MS + len(HELP) * 20 + 200


def answering(*pieces, last=()):

    def answer(moment):
        happening = moment.happening
        if isinstance(happening, CallOpened):
            return (*NOTICE, Say(text=HELP))
        if isinstance(happening, CallerSilent) and happening.times >= 3:
            return last
        return pieces

    return ScriptedBrain(answer)
