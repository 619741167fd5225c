"""Opens a clinic's scope many times, beside a bare transaction.

    python -m benchmarks.tenant_turns somebody@bench.example

prints {"plain": […], "scope": […], "actor": […]}, in milliseconds. Run by
`benchmarks.tenant_context` in a process of its own.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts.models import Organization, User  # noqa: E402
from accounts.selectors.members import find_actor  # noqa: E402
from accounts.way_in import (  # noqa: E402
    find_user,
    organizations_for_user,
    signing_in,
)
from sondervoice.kernel import tenancy  # noqa: E402
from sondervoice.kernel.clock import utc_now  # noqa: E402

TURNS: Final = 1_500
WARM_UP: Final = 100


def ask() -> None:
    """Ask the least that can be asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def plain() -> None:
    """Ask in a bare transaction."""
    with transaction.atomic():
        ask()


def main(email: str) -> None:
    """Take turns, and print what each took."""
    with signing_in():
        person_id = User.objects.get(email=email).pk
    clinic_id, now = organizations_for_user(person_id)[0], utc_now()

    def scope() -> None:
        with tenancy.scope(clinic_id):
            ask()

    def actor() -> None:
        user = find_user(person_id)
        if user is None or clinic_id not in organizations_for_user(person_id):
            raise LookupError(email)
        with tenancy.scope(clinic_id):
            tenancy.set_local("app.user_id", str(user.pk))
            found = Organization.objects.get(pk=clinic_id)
            find_actor(user=user, organization=found, factor_at=now)
            ask()

    print(json.dumps(in_turns({"plain": plain, "scope": scope, "actor": actor})))


def in_turns(works: dict[str, Callable[[], None]]) -> dict[str, list[float]]:
    """Return how many milliseconds each took, turn by turn."""
    seen: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(WARM_UP + TURNS):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            seen[name].append((time.perf_counter() - began) * 1000)
    return {name: times[WARM_UP:] for name, times in seen.items()}


if __name__ == "__main__":
    main(sys.argv[1])
