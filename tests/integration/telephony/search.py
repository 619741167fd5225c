"""Looks for a card's digits everywhere a call leaves something: rows, seals, files."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.db import connection

from recordings.models import Utterance
from sondervoice.kernel import tenancy
from telephony.event_payload import open_payload
from telephony.messages.models import Message
from telephony.models import Call, CarrierEvent
from tests.cast_calls import sealer_of

WORDS = [
    *("four", "nine", "two", "nine", "one", "three", "five", "seven"),
    *("eight", "six", "four", "two", "zero", "nine", "seven", "five"),
]
FIGURES = "4929135786420975"
# So many of them in a row are no accident.
IN_A_ROW = 4

_COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
 WHERE table_schema = 'public' AND data_type IN
       ('text', 'character varying', 'jsonb', 'bytea')
"""


def tells(text: str) -> bool:
    """Return whether four of the canary's digits in a row are in a text."""
    said = " ".join(re.findall(r"[a-z]+|\d+", text.lower()))
    starts = range(len(WORDS) - IN_A_ROW + 1)
    figures = re.sub(r"[\s.\-]", "", text)
    return any(
        " ".join(WORDS[start : start + IN_A_ROW]) in said for start in starts
    ) or any(FIGURES[start : start + 8] in figures for start in range(9))


def rows() -> Iterator[tuple[str, str]]:
    """Yield where and what of every text in the database, as its owner sees it."""
    url = os.environ["DATABASE_OWNER_URL"]
    name = connection.settings_dict["NAME"]
    with psycopg.connect(url, dbname=name) as owner:
        for table, column, kind in owner.execute(_COLUMNS).fetchall():
            query = psycopg.sql.SQL("SELECT {} FROM {} WHERE {} IS NOT NULL").format(
                *(psycopg.sql.Identifier(part) for part in (column, table, column))
            )
            for (value,) in owner.execute(query).fetchall():
                text = value.decode("latin-1") if kind == "bytea" else str(value)
                yield f"{table}.{column}", text


def opened(call: Call) -> Iterator[tuple[str, str]]:
    """Yield every sealed text of a call, opened."""
    sealer = sealer_of(call)
    with tenancy.scope(call.organization_id):
        found = Call.objects.get(pk=call.pk)
        sealed = [
            (row, table, column)
            for table, columns, of_call in (
                ("telephony_call", ("caller_name_sealed", "dialogue"), [found]),
                (
                    "recordings_utterance",
                    ("text_sealed", "heard_sealed"),
                    list(Utterance.objects.filter(call=call)),
                ),
                (
                    "phone_messages_message",
                    ("text_sealed", "name_sealed", "phone_sealed"),
                    list(Message.objects.filter(call=call)),
                ),
            )
            for row in of_call
            for column in columns
        ]
        for row, table, column in sealed:
            value = getattr(row, column)
            if value is not None:
                text = sealer.open(value, table=table, column=column, row_id=row.id)
                yield f"{table}.{column} opened", text
        for event in CarrierEvent.objects.all():
            yield "telephony_carrierevent opened", open_payload(event)


def stored(folder: Path, *, since_s: float) -> Iterator[tuple[str, str]]:
    """Yield every file under a folder that was written since (Unix seconds)."""
    # `Path.rglob` would take ten times as long, over all that tests before have left.
    for inner, _, names in os.walk(folder):
        for path in (Path(inner, name) for name in names):
            if path.stat().st_mtime >= since_s:
                yield path.name, path.read_bytes().decode("latin-1")
