"""A night of the tests, and what is left after it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection

from compliance.keys.keys import keys
from compliance.keys.store import KeyGoneError
from compliance.retention.jobs import purge
from compliance.retention.models import RetentionRun
from recordings.objects.places import present_anywhere
from recordings.storage_names import object_name
from sondervoice.kernel import tenancy
from sondervoice.kernel.tenancy import TenantModel
from telephony.models import Call
from tests.cast import Cast
from tests.integration.telephony.posts import run_all_jobs

THREE = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


def run_night(cast: Cast) -> None:
    """Let the clock's task run, and the jobs that it leaves."""
    purge()
    run_all_jobs(cast)


def run_of(organization_id: UUID, due_at: datetime = THREE) -> RetentionRun:
    with tenancy.scope(organization_id):
        return RetentionRun.objects.get(due_at=due_at)


def counts_of(run: RetentionRun) -> tuple[int, int, int, int]:
    """Return sound, words, fields, rows."""
    return (
        run.audio_count,
        run.transcript_count,
        run.fields_count,
        run.metadata_count,
    )


def has_key(call: Call) -> bool:
    try:
        keys().call_key(organization_id=call.organization_id, call_id=call.id)
    except KeyGoneError:
        return False
    return True


def has_sound(call: Call) -> bool:
    name = object_name(call.organization_id, call.id)
    return bool(present_anywhere([name], places=()))


def spool_of(call: Call) -> Path:
    return Path(settings.SPOOL_DIR) / str(call.organization_id) / f"{call.id}.spool"


def is_whole(call: Call) -> bool:
    """Return whether nothing of it is gone."""
    again = read(call)
    with tenancy.scope(call.organization_id):
        words, messages = again.utterances.count(), again.messages.count()
    return (
        has_key(call)
        and has_sound(call)
        and (words, messages) == (2, 1)
        and again.caller_name_sealed is not None
        and len(again.caller_sealed) > 0
        and len(again.caller_index) == 32
        and again.carrier_call_id == call.carrier_call_id
    )


def is_gone(call: Call) -> bool:
    """Return whether all of it is gone but the bare row."""
    again = read(call)
    with tenancy.scope(call.organization_id):
        words, messages = again.utterances.count(), again.messages.count()
    return (
        not has_key(call)
        and not has_sound(call)
        and not spool_of(call).exists()
        and (words, messages) == (0, 0)
        and again.caller_name_sealed is None
        and again.caller_sealed == b""
        and again.caller_index == b""
        and again.carrier_call_id == f"erased:{call.id}"
    )


def read(call: Call) -> Call:
    with tenancy.scope(call.organization_id):
        return Call.objects.get(pk=call.id)


def rows_with(organization_id: UUID, canary: bytes) -> list[str]:
    """Return the tables of clinics in which these bytes stand, as the database has it.

    Text is looked for as text, sealed columns as they are.
    """
    found = []
    with tenancy.scope(organization_id), connection.cursor() as cursor:
        for model in apps.get_models():
            if not issubclass(model, TenantModel):
                continue
            table = model._meta.db_table
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 -- ours
            if any(
                canary in _bytes(value) for row in cursor.fetchall() for value in row
            ):
                found.append(table)
    return sorted(found)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return str(value).encode()
