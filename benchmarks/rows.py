"""Rows of the database for the benches: calls that may stream, turns that were kept.

    python -m benchmarks.rows calls 80     prints [{"path": …, "call_control_id": …}, …]
    python -m benchmarks.rows turns        prints {call_control_id: [[quiet, decided,
                                           answered], …]}, in the call's milliseconds
    python -m benchmarks.rows people 20 bcrypt
                                           prints {"password": …, "emails": […]}
    python -m benchmarks.rows recorded     prints how many bytes of sound are sealed

Run by the bench in a process of its own, so that Django is set up in no other.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import (  # noqa: E402
    BCryptSHA256PasswordHasher,
    MD5PasswordHasher,
)

from accounts.models import Membership, User  # noqa: E402
from accounts.permissions import Role  # noqa: E402
from accounts.way_in import signing_in  # noqa: E402
from sondervoice.demo.people import ALDER  # noqa: E402
from sondervoice.demo.seed import seed  # noqa: E402
from sondervoice.kernel import tenancy  # noqa: E402
from sondervoice.kernel.clock import utc_now  # noqa: E402
from telephony.models import Call, StreamToken, Turn  # noqa: E402
from telephony.services.answer_call import answer_call  # noqa: E402
from telephony.services.make_stream_token import make_stream_token  # noqa: E402

A_DAY = timedelta(days=1)
PASSWORD = "seven green bottles on a wall"  # noqa: S105 -- the bench's people's


def make_calls(count: int, *, now: datetime) -> list[dict[str, str]]:
    """Return where each new call's stream is opened.

    They are answered by the product's own service. Tokens live for a day, since a run
    is long; millisecond 0 is the stream's first, so that its times can be compared.
    """
    seed(now=now)
    found = []
    with tenancy.scope(ALDER.id):
        for _ in range(count):
            call = answer_call(
                organization_id=ALDER.id,
                carrier_call_id=f"v3:bench-{Call.objects.count()}",
                called_e164=ALDER.number_e164,
                caller_e164="+13125550136",
                now=now,
            )
            if call is None:
                raise RuntimeError("the demo's clinic does not answer")
            token = make_stream_token(call=call, now=now)
            path = f"/media/telnyx/{token}/"
            found.append({"path": path, "call_control_id": call.carrier_call_id})
        Call.objects.update(status=Call.Status.LIVE, answered_at=now + A_DAY)
        StreamToken.objects.update(expires_at=now + A_DAY)
    return found


def read_turns() -> dict[str, list[list[int | None]]]:
    """Return the times the product kept of every answer."""
    turns: dict[str, list[list[int | None]]] = {}
    with tenancy.scope(ALDER.id):
        rows = Turn.objects.select_related("call").order_by("call", "number")
        for turn in rows:
            times = [turn.quiet_ms, turn.decided_ms, turn.answered_ms]
            turns.setdefault(turn.call.carrier_call_id, []).append(times)
    return turns


def count_recorded() -> int:
    """Return the bytes in all spools: proof that the recorder was at work."""
    spools = Path(settings.SPOOL_DIR).rglob("*.spool")
    return sum(spool.stat().st_size for spool in spools)


def make_people(count: int, hasher: str, *, now: datetime) -> dict[str, Any]:
    """Return people of the demo's clinic who sign in with one password.

    They see nothing that asks for a second factor.
    """
    seed(now=now)
    kind = {"bcrypt": BCryptSHA256PasswordHasher, "md5": MD5PasswordHasher}[hasher]()
    hashed = kind.encode(PASSWORD, kind.salt())
    emails = [f"{hasher}-{number:04}@bench.example" for number in range(count)]
    with tenancy.scope(ALDER.id), signing_in():
        for email in emails:
            if User.objects.filter(email=email).exists():
                continue
            user = User.objects.create(email=email, password=hashed, created_at=now)
            Membership.objects.create(
                organization_id=ALDER.id, user=user, role=Role.VIEWER, created_at=now
            )
    return {"password": PASSWORD, "emails": emails}


def main(command: str, *arguments: str) -> None:
    """Run one command."""
    answer: Any
    if command == "calls":
        answer = make_calls(int(arguments[0]), now=utc_now())
    elif command == "people":
        answer = make_people(int(arguments[0]), arguments[1], now=utc_now())
    elif command == "turns":
        answer = read_turns()
    else:
        answer = count_recorded()
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
