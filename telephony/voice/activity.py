"""Voice activity: what the line asks of a detector, and where its limits lie.

The figures were set on synthetic speech of four languages at three levels with
`benchmarks/barge_in.py`, which prints what they give.
"""

from typing import Final, Protocol

# Speech begins when the detector is this sure, and ends when it is less than that: the
# gap keeps a voice that hovers at one half from starting and stopping.
STARTS_AT: Final = 0.5
ENDS_BELOW: Final = 0.35

# Below this nothing is looked at (16-bit steps, root mean square). A call's comfort
# noise lies at 8 to 15, a caller 40 dB under full scale at 200.
SILENT_BELOW: Final = 24

# So many times the quietest lately is looked at whatever webrtcvad says: it misses a
# quiet woman's first 200 ms.
STANDS_OUT_AT: Final = 3.0

# Silence is believed after this long; a stop consonant is 50 to 120 ms of it.
GATE_STAYS_OPEN_MS: Final = 200

# The detector needs 60 to 140 ms to be sure: an onset is not looked for further back.
ONSET_AT_MOST_BACK_MS: Final = 160


class Activity(Protocol):
    """How likely one caller is speaking.

    Attributes:
        probability: 0 to 1, as of the last flush; 0 while resting.
    """

    probability: float

    def feed(self, pcm: bytes) -> None:
        """Take 20 ms of sound that may be speech (PCM as in `frames.Audio`)."""

    def rest(self) -> None:
        """Take note of silence: what was fed before does not count any more."""

    def close(self) -> None:
        """Give back what it holds; closing twice is harmless."""


class SharedActivity(Protocol):
    """One detector for all calls of a process."""

    def open(self) -> Activity:
        """Return the activity of one more call."""

    def flush(self) -> None:
        """Bring every call's probability up to date; called every 20 ms."""
