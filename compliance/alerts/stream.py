"""The record as the rules read it: what is new, and the hour before it.

`horizon` is a transaction's number. Rows of transactions below it have been looked at;
above it some may be looked at again, which tells nothing twice (`judge`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from compliance.alerts.rules import REFUSED_SIGN_IN, WATCHED, Line

_HORIZON: Final = """
SELECT horizon::text, pg_snapshot_xmin(pg_current_snapshot())::text FROM alert_watch"""
_MOVE: Final = """
UPDATE alert_watch SET horizon = %s::xid8 WHERE horizon < %s::xid8"""
_WRITTEN: Final = "SELECT organizations_written_since(%s::xid8, %s)"
_NEW_AT: Final = """
SELECT min(at) FROM audit_logs
 WHERE xid >= %s::xid8 AND action = ANY (%s) AND organization_id = %s"""
_LINES: Final = """
SELECT at, action, actor_kind, actor_id, coalesce((facts ->> 'count')::int, 0)
  FROM audit_logs WHERE organization_id = %s AND at >= %s AND action = ANY (%s)"""
# Of no organization: which clinic it concerns is asked of the person.
_NEW_REFUSED: Final = """
SELECT subject_id, min(at) FROM audit_logs
 WHERE organization_id IS NULL AND xid >= %s::xid8 AND action = %s
   AND subject_id IS NOT NULL
 GROUP BY subject_id"""
_REFUSED: Final = """
SELECT at FROM audit_logs
 WHERE organization_id IS NULL AND at >= %s AND action = %s AND subject_id = ANY (%s)"""


def read_horizon() -> tuple[str, str]:
    """Return from which transaction on to look, and where the next look begins."""
    ((low, high),) = _rows(_HORIZON, [])
    return low, high


def move_horizon(high: str) -> None:
    """Say that all below has been looked at; it never moves back."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [high, high])


def list_written(low: str) -> list[UUID]:
    """Return the organizations with new rows that count towards a rule."""
    return [row[0] for row in _rows(_WRITTEN, [low, list(WATCHED)])]


def find_new_at(low: str, organization_id: UUID) -> datetime | None:
    """Return the time of the open scope's oldest new row, or None."""
    found: datetime | None
    ((found,),) = _rows(_NEW_AT, [low, list(WATCHED), organization_id])
    return found


def list_lines(organization_id: UUID, *, since: datetime) -> list[Line]:
    """Return the open scope's rows that count, from then on."""
    found = _rows(_LINES, [organization_id, since, list(WATCHED)])
    return [
        Line(at=at, action=action, actor_kind=kind, actor_id=actor_id, count=count)
        for at, action, kind, actor_id, count in found
    ]


def list_new_refused(low: str) -> list[tuple[UUID, datetime]]:
    """Return who has been refused at the sign-in, and since when; outside any scope."""
    return [(who, at) for who, at in _rows(_NEW_REFUSED, [low, REFUSED_SIGN_IN])]


def list_refused(people: Iterable[UUID], *, since: datetime) -> list[Line]:
    """Return these people's refused sign-ins from then on; outside any scope."""
    found = _rows(_REFUSED, [since, REFUSED_SIGN_IN, list(people)])
    return [
        Line(at=at, action=REFUSED_SIGN_IN, actor_kind="system", actor_id=None)
        for (at,) in found
    ]


def _rows(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
