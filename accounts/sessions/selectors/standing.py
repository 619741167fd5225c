"""Whether a session stands: one question, asked outside any scope."""

from typing import Final
from uuid import UUID

from django.db import connection

from accounts.permissions import ADMINISTRATIVE, MEMBER_ROLES, ROLE_GRANTS
from accounts.sessions.limits import Standing

_ROLES: Final = [
    role.value
    for role in MEMBER_ROLES
    if not ADMINISTRATIVE.isdisjoint(ROLE_GRANTS[role])
]
_WORDS: Final = sorted(ADMINISTRATIVE)


def find_standing(session_id: UUID) -> Standing | None:
    """Return how it is with the session, or None for one we never began."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM login_session_standing(%s, %s, %s)",
            [session_id, _ROLES, _WORDS],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        names = [column.name for column in cursor.description]
    found = dict(zip(names, row, strict=True))
    found["key_sha256"] = bytes(found["key_sha256"])
    return Standing(id=session_id, **found)
