"""Purges calls as the night does, and deletes as many as plainly as one could.

    python -m benchmarks.purging 20000 5    prints {"ours": [seconds, …], …}

Each call has a recording, ten lines, a message, six events of the carrier, a stored
file and a key. Plain is the same application's role deleting the same rows in batches
of as many, children first, and unlinking the same files: it proves nothing, records
nothing, looks at no hold and cannot be gone on with when killed.

Run by the bench in a process of its own, so that Django is set up in no other.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.storage import storages  # noqa: E402
from django.db import connection  # noqa: E402

from compliance.retention.models import RetentionRun  # noqa: E402
from compliance.retention.services.purge import (  # noqa: E402
    ROWS_A_BATCH,
    Progress,
    purge,
)
from recordings.storage_names import object_name  # noqa: E402
from sondervoice.demo.people import ALDER  # noqa: E402
from sondervoice.demo.seed import seed  # noqa: E402
from sondervoice.kernel import tenancy  # noqa: E402
from sondervoice.kernel.clock import utc_now  # noqa: E402

LINES, EVENTS = 10, 6
SOUND_BYTES: Final = 2_000
KEY_BYTES: Final = 66
_EMPTY_SEAL: Final = b"\x01" * 60
_A_STATEMENT: Final = 10_000
_SMALL: Final = 1_000
# Long after every call of the demo, so that a run finds those of the bench alone.
_CALLS: Final = """
WITH made AS (
  INSERT INTO telephony_call (id, organization_id, number_id, agent_version_id, carrier,
    carrier_call_id, direction, status, outcome, end_reason, language, caller_sealed,
    caller_index, caller_name_sealed, started_at, answered_at, ended_at, line_epoch,
    stream_attempts, capture, disclosure_language, consent_method,
    audio_erase_after, transcript_erase_after, fields_erase_after, metadata_erase_after)
  SELECT gen_random_uuid(), %(clinic)s, phone.id, phone.agent_version_id, 'telnyx',
    'v3:' || gen_random_uuid(), 'inbound', 'ended', 'message', 'caller_hung_up', 'en',
    %(seal)s, sha256(n::text::bytea), %(seal)s, %(at)s, %(at)s, %(at)s, 1, 0, '{}', '',
    '', %(at)s, %(at)s, %(at)s, %(at)s
  FROM generate_series(1, %(count)s) n,
       (SELECT id, agent_version_id FROM telephony_phonenumber
         WHERE organization_id = %(clinic)s LIMIT 1) phone
  RETURNING id, carrier_call_id),
lines AS (
  INSERT INTO recordings_utterance (id, organization_id, call_id, number, speaker,
    language, text_sealed, started_ms, heard, is_sure, is_hidden, is_disclosure)
  SELECT gen_random_uuid(), %(clinic)s, made.id, n, 'caller', 'en', %(seal)s, n * 4000,
    '', true, false, false FROM made, generate_series(1, %(lines)s) n),
sound AS (
  INSERT INTO recordings_recording (id, organization_id, call_id, status, duration_ms,
    size_bytes, object_name, place, peaks)
  SELECT gen_random_uuid(), %(clinic)s, id, 'stored', 1000, 2000,
    %(clinic)s || '/' || id || '.sealed', 'files', '[]' FROM made),
messages AS (
  INSERT INTO phone_messages_message (id, organization_id, call_id, status, is_urgent,
    is_note, text_sealed, name_sealed, phone_sealed, phone_index, left_at)
  SELECT gen_random_uuid(), %(clinic)s, id, 'new', false, false, %(seal)s, %(seal)s,
    %(seal)s, sha256(random()::text::bytea), %(at)s FROM made),
events AS (
  INSERT INTO telephony_carrierevent (id, organization_id, carrier, carrier_event_id,
    carrier_call_id, event_type, occurred_at, received_at, payload_sealed, effect)
  SELECT gen_random_uuid(), %(clinic)s, 'telnyx', gen_random_uuid()::text,
    carrier_call_id, 'call.answered', %(at)s, %(at)s, %(seal)s, 'applied'
  FROM made, generate_series(1, %(events)s))
SELECT id FROM made"""
_DELETES: Final = (
    "DELETE FROM recordings_utterance WHERE call_id = ANY(%s)",
    "DELETE FROM phone_messages_message WHERE call_id = ANY(%s)",
    "DELETE FROM recordings_recording WHERE call_id = ANY(%s)",
    "DELETE FROM telephony_carrierevent WHERE carrier_call_id IN"
    " (SELECT carrier_call_id FROM telephony_call WHERE id = ANY(%s))",
    "DELETE FROM telephony_call WHERE id = ANY(%s)",
)


def _fill(count: int, *, at: datetime) -> list[UUID]:
    """Make calls that are due, with all that they leave; return their ids."""
    made: list[UUID] = []
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        while len(made) < count:
            values = {
                "clinic": ALDER.id,
                "seal": _EMPTY_SEAL,
                "at": at,
                "count": min(_A_STATEMENT, count - len(made)),
                "lines": LINES,
                "events": EVENTS,
            }
            made += [row[0] for row in owner.execute(_CALLS, values).fetchall()]
        owner.execute("ANALYZE")
    for call_id in made:
        for path, size in _files(call_id):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"\x01" * size)
    return made


def _files(call_id: UUID) -> Iterator[tuple[Path, int]]:
    folder = Path(settings.KEY_STORE_DIR) / str(ALDER.id)
    yield Path(storages["recordings"].path(object_name(ALDER.id, call_id))), SOUND_BYTES
    yield folder / f"call-{call_id}", KEY_BYTES


def _ours(*, due_at: datetime) -> float:
    with tenancy.scope(ALDER.id):
        run = RetentionRun.objects.create(
            organization_id=ALDER.id, due_at=due_at, started_at=due_at
        )
    began = time.monotonic()
    progress = Progress.MORE
    while progress is not Progress.FINISHED:
        progress = purge(organization_id=ALDER.id, run_id=run.id, now=due_at)
    return time.monotonic() - began


def _plain(call_ids: Sequence[UUID]) -> float:
    began = time.monotonic()
    for start in range(0, len(call_ids), ROWS_A_BATCH):
        batch = list(call_ids[start : start + ROWS_A_BATCH])
        with tenancy.scope(ALDER.id), connection.cursor() as cursor:
            for delete in _DELETES:
                cursor.execute(delete, [batch])
        for call_id in batch:
            for path, _ in _files(call_id):
                path.unlink()
    return time.monotonic() - began


def _rss_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(count: int, pairs: int) -> None:
    """Take turns, after a small one by whose memory the others are judged."""
    now = utc_now()
    seed(now=now)
    at = datetime(2020, 1, 1, tzinfo=UTC)
    seen: dict[str, Any] = {"ours": [], "plain": []}
    _fill(_SMALL, at=at)
    _ours(due_at=at + timedelta(minutes=1))
    seen["small_mb"] = _rss_mb()
    for pair in range(pairs):
        _fill(count, at=at)
        seen["ours"].append(_ours(due_at=at + timedelta(hours=pair + 1)))
        seen["peak_mb"] = _rss_mb()
        seen["plain"].append(_plain(_fill(count, at=at)))
    print(json.dumps(seen))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
