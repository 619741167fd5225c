"""``manage.py seed_demo``: the demo's people, numbers and diary."""

from typing import Any

from django.core.management.base import BaseCommand

from sondervoice.demo.only import refuse_outside_demo
from sondervoice.demo.past_weeks import seed_past_weeks
from sondervoice.demo.seed import seed
from sondervoice.kernel.clock import utc_now


class Command(BaseCommand):
    """Makes what is missing; again is harmless."""

    help = "Make the demo's people, numbers and diary; again is harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed."""
        refuse_outside_demo()
        now = utc_now()
        seed(now=now)
        seed_past_weeks(now=now)
