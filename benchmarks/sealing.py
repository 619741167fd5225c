"""Seals rows that were added beforehand, and says how long it took.

    python -m benchmarks.sealing 200000    prints {"rows": …, "seconds": …, …}

Run by the bench in a process of its own, so that Django is set up in no other.
"""

import json
import os
import resource
import sys
import time

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
django.setup()

from compliance.ledger.services.seal_rows import seal_rows  # noqa: E402
from compliance.ledger.signer import signer  # noqa: E402
from sondervoice.kernel.clock import utc_now  # noqa: E402

_ADD = """
INSERT INTO audit_logs (id, organization_id, at, actor_kind, actor_id, action,
                        subject_kind, subject_id, fields, facts)
SELECT gen_random_uuid(),
       ('00000000-0000-0000-0000-' || lpad((n %% 50 + 1)::text, 12, '0'))::uuid, now(),
       'user', gen_random_uuid(), 'recordings.playback.granted', 'call',
       gen_random_uuid(), '["sound"]', jsonb_build_object('from_ms', n)
  FROM generate_series(1, %s) n"""
_A_TRANSACTION = 1_000


def _seal_all() -> int:
    count = 0
    while sealed := seal_rows(signer=signer(), now=utc_now()):
        count += sealed
    return count


def main(count: int) -> None:
    """Seal what waits, add the rows, and time their sealing."""
    _seal_all()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for _ in range(0, count, _A_TRANSACTION):
            owner.execute(_ADD, [_A_TRANSACTION])
        owner.execute("ANALYZE audit_logs")
    began = time.monotonic()
    rows = _seal_all()
    seconds = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
