"""`manage.py make_operator`: the first operators, from the machine's own console."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from accounts.operators.errors import OperatorThingNotFoundError
from accounts.operators.models import OperatorGrant
from accounts.operators.services.open_console_grant import open_console_grant
from sondervoice.kernel.clock import utc_now

_NOT_OWNER = (
    "The database lets its owner alone do this. Run it with --as-owner where "
    "DATABASE_OWNER_URL is known, or with the owner's URL as DATABASE_URL."
)
_NEXT = (
    "Made an operator until {until:%H:%M} UTC. They sign in, set up a second factor, "
    "and open /admin/.\nMake two: each then approves what the other asks for."
)


class Command(BaseCommand):
    """Makes a person an operator for eight hours."""

    help = "Makes a person an operator for eight hours; run it as the database's owner."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address and the reason."""
        parser.add_argument("email", help="of somebody who has an account")
        parser.add_argument("--reason", required=True, help="for the register")
        parser.add_argument(
            "--as-owner", action="store_true", help="use DATABASE_OWNER_URL"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the grant and say what to do next.

        Raises:
            CommandError: If nobody has the address, or the role is not the owner's.
        """
        if not _is_owner():
            if options["as_owner"]:
                _begin_again_as_owner()
            raise CommandError(_NOT_OWNER)
        try:
            grant = open_console_grant(
                email=options["email"], reason=options["reason"], now=utc_now()
            )
        except OperatorThingNotFoundError:
            raise CommandError(
                "Nobody with an open account has this address. They sign up first."
            ) from None
        self.stdout.write(_NEXT.format(until=grant.expires_at))


def _is_owner() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableowner = current_user FROM pg_tables WHERE tablename = %s",
            [OperatorGrant._meta.db_table],
        )
        return bool(cursor.fetchone()[0])


def _begin_again_as_owner() -> None:
    """Run this very command anew as the owner; come back only where nobody knows how.

    A connection never changes its role: the application's stays what it is.
    """
    owner = os.environ.get("DATABASE_OWNER_URL", "")
    if owner and os.environ.get("DATABASE_URL") != owner:
        again = [sys.executable, *sys.argv]
        os.execve(sys.executable, again, os.environ | {"DATABASE_URL": owner})  # noqa: S606 -- ourselves
