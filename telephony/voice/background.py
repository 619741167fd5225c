"""How loud a call is when nobody speaks, from how loud it was lately.

Two figures, because they fail differently: the quietest moment of the last second is
not raised by speech but is low in a room where people talk; the usual loudness is high
in such a room, and is taken from before the last third of a second so that a word does
not count against itself.
"""

from collections import deque
from typing import Final

# Below the faintest comfort noise; digital silence has no loudness to compare with.
_FAINTEST: Final = 10.0

_HALF_SECOND: Final = 25
_LATELY: Final = 16
_USUAL_OVER: Final = 40


class Background:
    """Follows one call's loudness, 20 ms by 20 ms (16-bit steps, root mean square).

    Attributes:
        quietest: Of the last half to whole second, smoothed over 60 ms.
        usual: Mean over some 800 ms, up to 320 ms ago.
    """

    def __init__(self) -> None:
        """Start in silence."""
        self.quietest = _FAINTEST
        self.usual = _FAINTEST
        self._late = deque([0] * _LATELY, maxlen=_LATELY)
        self._smooth = _FAINTEST
        self._before = 0
        self._quietest_now = _FAINTEST
        self._quietest_then = _FAINTEST
        self._count = 0

    def hear(self, loudness: int) -> None:
        """Take note of 20 ms more."""
        late = self._late
        self.usual += (late[0] - self.usual) / _USUAL_OVER
        late.append(loudness)
        smooth = self._smooth = (self._smooth + self._before + loudness) / 3
        self._before = loudness
        self._count += 1
        if self._count >= _HALF_SECOND:
            self._count = 0
            self._quietest_then = self._quietest_now
            self._quietest_now = smooth
        elif smooth < self._quietest_now:
            self._quietest_now = smooth
        quietest = min(self._quietest_then, self._quietest_now)
        self.quietest = max(_FAINTEST, quietest)
