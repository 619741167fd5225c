"""Holds the demo's conversation: listens to the committed transcript, and answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from accounts.actors import Actor
from recordings.selectors.transcripts import TranscriptLine, list_lines
from sondervoice.demo import people
from sondervoice.demo.loopback import LoopbackCall
from sondervoice.demo.script import OPENING, THANKS, reply_to
from sondervoice.kernel import tenancy
from telephony.models import Call
from telephony.selectors.sight import standing_sight

LOOK_EVERY_S: Final = 0.15
PUZZLED_S: Final = 2.5
# From then on the caller is in a hurry, and hangs up in place of a last word.
POLITE_S: Final = 62.0

Print = Callable[[str], None]


@dataclass(slots=True)
class Conversation:
    """One demo call as it happens.

    Attributes:
        sounds: The caller's lines as PCM.
        heard_up_to: Number of the last transcript line that was printed.
        unanswered: What the receptionist has said since the caller's last line.
    """

    call: LoopbackCall
    actor: Actor
    sounds: dict[str, bytes]
    say: Print
    heard_up_to: int = 0
    unanswered: list[str] = field(default_factory=list)
    has_spoken: bool = False
    began: float = field(default_factory=time.monotonic)
    _puzzled_since: float | None = None

    def hold(self, *, until: float) -> bool:
        """Talk until the call is over; False when `until` (monotonic) came first."""
        while time.monotonic() < until:
            state = self.call.state()
            self._print_new_lines()
            if state["is_over"]:
                return True
            if state["is_listening"]:
                self._answer()
            time.sleep(LOOK_EVERY_S)
        self.call.hang_up()
        return False

    def print_rest(self) -> None:
        """Print the lines that were committed after the last look."""
        self._print_new_lines()

    def _answer(self) -> None:
        line = reply_to(self.unanswered)
        if line is None:
            line = self._when_puzzled()
        if line is None:
            return
        self._puzzled_since = None
        self.unanswered.clear()
        if line == THANKS and time.monotonic() - self.began > POLITE_S:
            self.say("  (the caller hangs up)")
            self.call.hang_up()
            return
        self.has_spoken = True
        self.say(f"  caller says        {line}")
        self.call.say(self.sounds[line])

    def _when_puzzled(self) -> str | None:
        """Return a line after a while without a question one could answer."""
        now = time.monotonic()
        self._puzzled_since = self._puzzled_since or now
        if now - self._puzzled_since < PUZZLED_S:
            return None
        return THANKS if self.has_spoken else OPENING

    def _print_new_lines(self) -> None:
        for line in self._new_lines():
            self.heard_up_to = max(self.heard_up_to, line.number)
            if line.speaker == "agent":
                self.unanswered.append(line.text)
                self.say(f"  receptionist       {line.text}")
            else:
                sure = "" if line.is_sure else "  (unsure)"
                self.say(f"  caller was heard   {line.text}{sure}")

    def _new_lines(self) -> list[TranscriptLine]:
        with tenancy.scope(people.ALDER.id):
            call = Call.objects.filter(carrier_call_id=self.call.control_id).first()
            if call is None:
                return []
            lines = list_lines(
                actor=self.actor, call=call, sight=standing_sight(self.actor)
            )
        return [line for line in lines if line.number > self.heard_up_to]
