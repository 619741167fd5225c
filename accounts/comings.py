"""Writes down who came in, who went out, and who was refused; no address is kept."""

from typing import Any
from uuid import UUID

from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)

from accounts.models import User
from accounts.services.record_for_clinics import record_for_clinics
from accounts.way_in import signing_in
from sondervoice.kernel import audit


def watch() -> None:
    """Listen to Django's signals, sent in the transaction of the sign-in page."""
    user_logged_in.connect(note_opened)
    user_logged_out.connect(note_closed)
    user_login_failed.connect(note_refused)


def note_opened(sender: Any, *, user: User, **_: Any) -> None:
    """Record that a session begins, for each clinic of the person to see."""
    _note("accounts.session.opened", user.pk)


def note_closed(sender: Any, *, user: User | None, **_: Any) -> None:
    """Record that a person ends their session; a session can be nobody's."""
    if user is not None:
        _note("accounts.session.closed", user.pk)


def note_refused(sender: Any, *, credentials: dict[str, Any], **_: Any) -> None:
    """Record a wrong pair: of whom, or of nobody we know.

    Both are written, so that how long the answer takes tells nobody which it was.
    """
    address = str(credentials.get("email") or credentials.get("username") or "")
    with signing_in():
        user = User.objects.filter(email=address.lower()).first()
        _note("accounts.session.refused", user.pk if user else None, by_user=False)


def _note(action: str, user_id: UUID | None, *, by_user: bool = True) -> None:
    entry = audit.Entry(
        action=action,
        organization_id=None,
        actor_kind="user" if by_user else "system",
        actor_id=user_id if by_user else None,
        subject_kind="user",
        subject_id=user_id,
    )
    if by_user and user_id is not None:
        record_for_clinics(entry, user_id=user_id)
    else:
        # A refusal costs the same for an address we know and one we do not.
        audit.record(entry)
