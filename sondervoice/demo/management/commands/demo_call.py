"""``manage.py demo_call``: one real inbound call, and what it left behind."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from sondervoice.demo.access import login_url
from sondervoice.demo.only import refuse_outside_demo
from sondervoice.demo.past_weeks import seed_past_weeks
from sondervoice.demo.ring import ring_once
from sondervoice.demo.seed import seed
from sondervoice.kernel.clock import utc_now


class Command(BaseCommand):
    """Rings the demo's clinic through the loopback carrier and books a check-up.

    The exit code is 1 if anything of the report is missing.
    """

    help = "Ring the demo's clinic once, and report what the call left behind."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--once``, which leaves out the way into the dashboard."""
        parser.add_argument(
            "--once", action="store_true", help="no sign-in link: the product will stop"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ring, report, and say how to get in."""
        refuse_outside_demo()
        now = utc_now()
        seed(now=now)
        seed_past_weeks(now=now)
        report = ring_once(self._say)
        self._say("\nWhat the call left behind")
        for line in report.lines:
            self._say(line)
        for name in report.missing:
            self._say(f"  MISSING         {name}")
        if not options["once"]:
            self._say(f"\nDashboard         {settings.PUBLIC_BASE_URL}/app/")
            self._say(f"Sign in, once     {login_url()}")
            self._say("A new link        .venv/bin/python manage.py demo_access")
        if report.missing:
            sys.exit(1)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
