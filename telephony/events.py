"""What telephony tells those above it, after the commit."""

from typing import Final

from sondervoice.kernel.events import DomainEvent

call_ended: Final = DomainEvent("telephony.call_ended")
