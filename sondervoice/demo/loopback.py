"""The loopback carrier's strings: lets somebody ring the demo, and speak."""

import base64
import json
from typing import Any, Final
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from django.conf import settings
from django.core.management.base import CommandError

from sondervoice.demo import people

TIMEOUT_S: Final = 5.0
CALLER_E164: Final = "+13125550142"
# Long enough to be sure that the receptionist has finished, short for a demo.
GAP_S: Final = 0.5


class LoopbackCall:
    """One call through the loopback carrier, seen from the caller's chair."""

    def __init__(self, *, longest_s: float) -> None:
        """Ring the clinic.

        Raises:
            CommandError: If the carrier in the settings is no loopback one.
        """
        self._base = settings.TELNYX_API_BASE.removesuffix("/v2") + "/__control/"
        if not self._base.startswith("http://127.0.0.1"):
            raise CommandError(
                "TELNYX_API_BASE is no loopback carrier: use `make demo`."
            )
        state = self._ask(
            "call",
            {
                "webhook": f"{settings.PUBLIC_BASE_URL}/webhooks/telnyx/",
                "to": people.ALDER.number_e164,
                "from": CALLER_E164,
                "gap_s": GAP_S,
                "patience_s": longest_s,
                "longest_s": longest_s,
                "hangs_up": False,
            },
        )
        self.control_id: str = state["call_control_id"]

    def state(self) -> dict[str, Any]:
        """Return how the call stands at the carrier."""
        return self._ask("state", {})

    def say(self, pcm: bytes) -> None:
        """Let the caller say this at the next good moment."""
        self._ask("say", {"pcm": base64.b64encode(pcm).decode()})

    def hang_up(self) -> None:
        """Let the caller hang up."""
        self._ask("hang_up", {})

    def _ask(self, what: str, wish: dict[str, Any]) -> dict[str, Any]:
        if hasattr(self, "control_id"):
            wish = {"call_control_id": self.control_id, **wish}
        request = Request(  # noqa: S310 -- loopback, checked above
            self._base + what,
            data=json.dumps(wish).encode(),
            headers={"content-type": "application/json"},
            method="POST",
        )
        try:
            # No proxy stands between us and ourselves, whatever the environment says.
            with build_opener(ProxyHandler({})).open(
                request, timeout=TIMEOUT_S
            ) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except URLError as error:
            raise CommandError(
                f"The loopback carrier at {self._base} does not do {what} "
                f"({getattr(error, 'code', error.reason)}): start it with `make demo`."
            ) from None
