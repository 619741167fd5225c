"""``manage.py demo_access --json``: how to get into the demo."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sondervoice.demo.access import demo_access
from sondervoice.demo.only import refuse_outside_demo
from sondervoice.demo.past_weeks import seed_past_weeks
from sondervoice.demo.seed import seed
from sondervoice.kernel.clock import utc_now


class Command(BaseCommand):
    """Prints addresses, people, a fresh key and one-time links."""

    help = "Print how to get into the demo: people, a fresh key, one-time links."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--json``."""
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the way in."""
        refuse_outside_demo()
        now = utc_now()
        seed(now=now)
        seed_past_weeks(now=now)
        found = demo_access(now=now)
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
            return
        for name, value in found.items():
            if name != "users":
                self.stdout.write(f"{name}: {value}")
        for user in found["users"]:
            self.stdout.write(f"user: {user['email']}, {user['role'].value}")
            self.stdout.write(f"  {user['login_url']}")
