"""What happens to clinics and people that apps above follow."""

from typing import Final

from sondervoice.kernel.events import DomainEvent

plan_set: Final = DomainEvent("accounts.plan_set")
