"""An ear for a language that no ear here knows: it understands nothing, and says so.

The keys still work, sound is still kept, and the conversation can tell the caller.
"""

from collections.abc import Sequence

from telephony.voice.dialogue import Expecting, Slot
from telephony.voice.ports import Recognised


class DeafHearing:
    """A `Hearing` that is never sure of anything."""

    def expect(self, expecting: Expecting, *, offered: Sequence[Slot]) -> None:
        """Expect nothing."""

    def feed(self, pcm: bytes) -> None:
        """Let the sound go."""

    async def finish(
        self, expecting: Expecting, *, offered: Sequence[Slot]
    ) -> Recognised:
        """Return no words."""
        return Recognised(text="", is_sure=False)

    async def close(self) -> None:
        """Hold nothing."""
