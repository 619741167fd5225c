"""What retention tells those who wait for it, after the commit."""

from typing import Final

from sondervoice.kernel.events import DomainEvent

run_finished: Final = DomainEvent("compliance.run_finished")
hold_released: Final = DomainEvent("compliance.hold_released")
