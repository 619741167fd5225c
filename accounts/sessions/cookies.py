"""What Django's session keeps of ours."""

import hashlib
from typing import Final
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

ROW: Final = "login_session"


def key_hash(session: SessionBase) -> bytes:
    """Return the hash of the session's key, as its row keeps it."""
    return hashlib.sha256((session.session_key or "").encode()).digest()


def read_row_id(session: SessionBase) -> UUID | None:
    """Return the id of the session's row, or None where there is none."""
    found = session.get(ROW)
    return None if found is None else UUID(found)
