"""A carrier that takes every command, or fails as it is told; no network."""

from dataclasses import dataclass, field
from uuid import UUID

from sondervoice.kernel.errors import VendorError


@dataclass(slots=True)
class Switchboard:
    """Implements `telephony.carrier.port.Carrier`.

    Attributes:
        taken: Commands that took effect, as kind and call, in order.
        failures: What the next commands of a kind meet, first to last.
        urls: Where streams were asked for.
        said: What the carrier's own voice was asked to say.
    """

    name: str = "switchboard"
    taken: list[tuple[str, str]] = field(default_factory=list)
    ids: list[UUID] = field(default_factory=list)
    failures: dict[str, list[VendorError]] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of the commands that took effect."""
        return [kind for kind, _ in self.taken]

    def fail(self, kind: str, category: str, *, permanent: bool) -> None:
        """Let the next command of this kind fail."""
        error = VendorError(self.name, category=category, permanent=permanent)
        self.failures.setdefault(kind, []).append(error)

    def answer(self, call_id: str, *, command_id: UUID) -> None:
        self._take("answer", call_id, command_id)

    def start_stream(self, call_id: str, *, command_id: UUID, url: str) -> None:
        self._take("start_stream", call_id, command_id)
        self.urls.append(url)

    def speak(
        self, call_id: str, *, command_id: UUID, text: str, language: str
    ) -> None:
        self._take("speak", call_id, command_id)
        self.said.append(text)

    def transfer(
        self, call_id: str, *, command_id: UUID, to_e164: str, from_e164: str
    ) -> None:
        self._take("transfer", call_id, command_id)

    def hang_up(self, call_id: str, *, command_id: UUID) -> None:
        self._take("hang_up", call_id, command_id)

    def _take(self, kind: str, call_id: str, command_id: UUID) -> None:
        self.ids.append(command_id)
        waiting = self.failures.get(kind)
        if waiting:
            raise waiting.pop(0)
        self.taken.append((kind, call_id))
