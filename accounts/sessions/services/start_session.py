"""Begin a person's session, which ends the one before."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services.end_sessions import end_own_sessions
from accounts.services.record_for_clinics import record_for_clinics
from accounts.sessions.models import EndReason, LoginSession
from accounts.sessions.selectors.standing import find_standing
from accounts.sessions.services.end_session import end_session
from sondervoice.kernel import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """What is kept of the browser that signed in."""

    key_sha256: bytes
    device: str
    address: str
    place: str


@transaction.atomic
def start_session(*, user: User, browser: Browser, now: datetime) -> LoginSession:
    """Begin a session; the person's older one and its tokens are over with it.

    The person's row is locked first: of two sign-ins at once the later one stays.
    """
    user.session_epoch = end_own_sessions(user_id=user.pk)
    _end_older(user, now)
    if _is_new_place(user, browser.place):
        _note_moved(user)
    return LoginSession.objects.create(
        user=user,
        epoch=user.session_epoch,
        started_at=now,
        last_seen_at=now,
        key_sha256=browser.key_sha256,
        device=browser.device,
        address=browser.address,
        place=browser.place,
    )


def _is_new_place(user: User, place: str) -> bool:
    """Return whether the person came from elsewhere, as far as rows are kept.

    Where no proxy of ours says places, none is new; nor is somebody's first one.
    """
    if not place:
        return False
    known = LoginSession.objects.filter(user=user).exclude(place="")
    return known.exists() and not known.filter(place=place).exists()


def _note_moved(user: User) -> None:
    """Record that they moved; the place itself stands with the session alone."""
    entry = audit.Entry(
        action="accounts.sign_in.moved",
        organization_id=None,
        actor_kind="user",
        actor_id=user.pk,
        subject_kind="user",
        subject_id=user.pk,
    )
    record_for_clinics(entry, user_id=user.pk)


def _end_older(user: User, now: datetime) -> None:
    for older in LoginSession.objects.filter(user=user, ended_at=None):
        reason, ended_at = EndReason.SUPERSEDED, now
        standing = find_standing(older.pk)
        if standing is not None and now >= standing.lapse[0]:
            # It had run out before and nobody had come to see it.
            ended_at, reason = standing.lapse
        end_session(
            session_id=older.pk, user_id=user.pk, reason=reason, ended_at=ended_at
        )
