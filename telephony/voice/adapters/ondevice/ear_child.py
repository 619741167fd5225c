"""A program of its own that listens with pocketsphinx: ``python -m …ear_child``.

It decodes one utterance at a time with two searches over the same sound, and ends when
its input does. What it hears goes to its parent and nowhere else. One process decodes
two searches and not four, because the recogniser keeps Python's lock while it works.
"""

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final

from pocketsphinx import Config, Decoder, get_model_path

from telephony.voice.adapters.ondevice.english.states import STATE_RULES
from telephony.voice.adapters.ondevice.front_end import Floats, FrontEnd
from telephony.voice.adapters.ondevice.models import GUARD, Models
from telephony.voice.adapters.ondevice.protocol import Kind, read, write
from telephony.voice.adapters.ondevice.rules import Grammar
from telephony.voice.dialogue import Expecting

# Error rates of our own sentences by noise (LSB), trigram alone: 40: 24 %, 80: 26 %,
# 120: 27 %; without any, digital silence ruins the recogniser.
_NOISE_LSB: Final = 50.0
# Grammars: 37 % of words wrong with the recogniser's own beams, 23 % with these, for a
# third more work. Trigrams: 29 to 27 %, for next to nothing.
_WIDE: Final = {"beam": 1e-80, "wbeam": 1e-60, "pbeam": 1e-80}
_TRIGRAM: Final = {"beam": 1e-70, "wbeam": 1e-50, "pbeam": 1e-70}
# The mean of the cepstra of our test sentences, by warp. The running mean starts here;
# without all thirteen, the first words of every utterance are lost.
_USUAL_CEPSTRA: Final = {
    0.95: "57.3,-3.7,-2.3,11.7,-6.3,-1.3,-5.9,-6.1,-9.5,-5.2,2.5,-4.9,-0.2",
    1.0: "57.0,-3.7,-1.9,12.0,-9.1,-1.0,-6.2,-9.7,-5.9,-4.9,2.4,-4.2,-0.9",
    1.05: "56.6,-4.0,-1.1,11.6,-11.7,-0.4,-8.0,-11.2,-3.1,-4.5,2.1,-4.2,0.2",
}


class _Search:
    """One decoder and the front end it looks through."""

    def __init__(self, models: Models, *, warp: float, **options: Any) -> None:
        self._front = FrontEnd(warp=warp, noise_lsb=_NOISE_LSB)
        self._usual = _USUAL_CEPSTRA[warp]
        self.decoder: Any = Decoder(
            Config(
                hmm=get_model_path("en-us/en-us"),
                dict=str(models.dictionary),
                lm=None,
                loglevel="FATAL",
                cmn="live",
                cmninit=self._usual,
                lw=10.0,
                fwdflat=False,
                **options,
            )
        )

    def listen(self, name: str) -> None:
        """Begin an utterance with the model of this name."""
        self._front.reset()
        self.decoder.activate_search(name)
        self.decoder.set_cmn(self._usual)
        self.decoder.start_utt()

    def feed(self, pcm: bytes) -> None:
        """Go on with the utterance."""
        self._take(self._front.feed(pcm))

    def finish(self) -> str:
        """End the utterance and return its words."""
        self._take(self._front.finish())
        self.decoder.end_utt()
        hypothesis = self.decoder.hyp()
        return hypothesis.hypstr if hypothesis else ""

    def _take(self, cepstra: Floats) -> None:
        # Frame by frame: pocketsphinx 5.1.1 loses all but the first of a longer row.
        for frame in cepstra.astype("<f4"):
            self.decoder.process_cep(frame.tobytes(), no_search=False, full_utt=False)


class _Trigrams:
    """The state's trigram twice: for deeper and for higher voices."""

    def __init__(self, models: Models) -> None:
        self._deeper = _Search(models, warp=1.05, **_TRIGRAM)
        self._higher = _Search(models, warp=0.95, **_TRIGRAM)
        self.searches = {"deeper": self._deeper, "higher": self._higher}
        for search in self.searches.values():
            for state in Expecting:
                trigram = str(models.trigram(state.value))
                search.decoder.add_lm_file(state.value, trigram)

    def listen(self, state: str, _offered: dict[str, str]) -> None:
        """Begin an utterance of this state."""
        for search in self.searches.values():
            search.listen(state)


class _Script:
    """The state's grammar, and beside it the guard."""

    def __init__(self, models: Models) -> None:
        self._rules = Grammar.read(STATE_RULES)
        # Looking for the best path again costs ten times the first search and, on
        # grammars, made it worse (38 to 33 per cent of words without).
        self._grammar = _Search(models, warp=1.0, bestpath=False, **_WIDE)
        for state in Expecting:
            self._grammar.decoder.add_jsgf_string(
                state.value, self._rules.jsgf(state.value)
            )
        self._guard = _Search(models, warp=1.0, bestpath=False, **_TRIGRAM)
        self._guard.decoder.add_lm_file(GUARD, str(models.trigram(GUARD)))
        self.searches = {"grammar": self._grammar, "guard": self._guard}

    def listen(self, state: str, offered: dict[str, str]) -> None:
        """Begin an utterance of this state; `offered` replaces rules of the grammar."""
        name = state
        if offered:
            name = "of_this_moment"
            rules = self._rules.jsgf(state, extra=offered)
            self._grammar.decoder.add_jsgf_string(name, rules)
        self._grammar.listen(name)
        self._guard.listen(GUARD)


class _Listener:
    """Takes the parent's messages in turn."""

    def __init__(self, part: _Script | _Trigrams, answers: BinaryIO) -> None:
        self._part = part
        self._answers = answers
        self._number = 0
        self._is_open = False

    def listen(self, body: bytes) -> None:
        self.forget()
        order = json.loads(body)
        self._number = order["number"]
        self._part.listen(order["state"], order["offered"])
        self._is_open = True

    def sound(self, pcm: bytes) -> None:
        if self._is_open:
            for search in self._part.searches.values():
                search.feed(pcm)
        write(self._answers, Kind.WORKING)

    def finish(self) -> None:
        heard = {"number": self._number, "heard": self._end()}
        write(self._answers, Kind.HEARD, json.dumps(heard).encode())

    def forget(self) -> None:
        if self._is_open:
            self._end()

    def _end(self) -> dict[str, str]:
        self._is_open = False
        return {name: search.finish() for name, search in self._part.searches.items()}


def _serve(listener: _Listener, commands: BinaryIO, answers: BinaryIO) -> None:
    write(answers, Kind.READY)
    while (message := read(commands)) is not None:
        match message.kind:
            case Kind.LISTEN:
                listener.listen(message.body)
            case Kind.SOUND:
                listener.sound(message.body)
            case Kind.FINISH:
                listener.finish()
            case Kind.FORGET:
                listener.forget()
            case _:
                write(answers, Kind.FAILED)


if __name__ == "__main__":
    models = Models(Path(sys.argv[1]))
    part = _Script(models) if sys.argv[2] == "script" else _Trigrams(models)
    _serve(_Listener(part, sys.stdout.buffer), sys.stdin.buffer, sys.stdout.buffer)
