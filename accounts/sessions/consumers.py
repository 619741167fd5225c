"""Tells an open page of the dashboard that its session is over, within five seconds."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.sessions.backends.base import SessionBase
from django.db import Error as DatabaseError

from accounts.sessions.cookies import key_hash, read_row_id
from accounts.sessions.limits import why_over
from accounts.sessions.models import EndReason
from accounts.sessions.open_pages import hear
from accounts.sessions.selectors.standing import find_standing
from accounts.sessions.services.close_session import close_session
from accounts.sessions.words import Notice
from sondervoice.kernel.clock import utc_now

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")

OVER: Final = 4401
AGAIN_LATER: Final = 1013
UNWANTED: Final = 1003
LOOK_EVERY_S: Final = 4.0
# A session that goes on after a change has its new number within this.
_SETTLED_S: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How it is with the session.

    Attributes:
        notice: Why it is over; None while it stands.
        is_settled: False for a number that may be about to follow.
        left: How long the session has if the person does nothing.
        ends_soon: Whether it is time to ask whether they are still there.
    """

    notice: Notice | None = None
    is_settled: bool = True
    left: timedelta = timedelta()
    ends_soon: bool = False


class SessionWatch(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # untyped
    """One open page; it is told things and is not listened to."""

    public_because = "tells the holder of a session's cookie whether it still stands"
    # Not the base class's: with it, a lost Redis would end every watch.
    channel_layer_alias = "none"

    async def connect(self) -> None:
        """Let in who has a session, and watch it; others get 403."""
        self._tasks: list[asyncio.Task[None]] = []
        self._look_now = asyncio.Event()
        session_id = await _ask(_read_session, self.scope["session"])
        if session_id is None:
            await self.close()
            return
        self._session_id = session_id
        await self.accept()
        self._tasks = [
            asyncio.create_task(self._watch()),
            asyncio.create_task(hear(session_id, self._look_now)),
        ]

    async def disconnect(self, code: int) -> None:
        """Stop watching."""
        for task in self._tasks:
            task.cancel()

    async def receive(self, **_: Any) -> None:
        """Hang up on a page that talks: ours do not."""
        await self.close(code=UNWANTED)

    async def _watch(self) -> None:
        """Look every few seconds, whatever the messages say, until it is over."""
        was_soon = False
        try:
            while (look := await self._look()).notice is None:
                # Said at each look while it holds: the page may have hidden it since.
                if look.ends_soon or was_soon:
                    was_soon = look.ends_soon
                    await self.send_json({"kind": "soon" if was_soon else "stands"})
                await self._rest(look.left)
        except DatabaseError:
            await self.close(code=AGAIN_LATER)
            return
        over = look.notice.as_session_value()
        await self.send_json({"kind": "over", **over})
        await self.close(code=OVER)

    async def _look(self) -> Look:
        look = await _ask(_find_look, self._session_id, utc_now())
        if look.is_settled:
            return look
        await asyncio.sleep(_SETTLED_S)
        return await _ask(_find_look, self._session_id, utc_now(), settled=True)

    async def _rest(self, left: timedelta) -> None:
        seconds = min(LOOK_EVERY_S, max(left.total_seconds(), 0) + 0.05)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._look_now.wait(), seconds)
        self._look_now.clear()


async def _ask(
    question: Callable[_Given, _Found], *values: _Given.args, **more: _Given.kwargs
) -> _Found:
    """Ask the database on a thread of its own, not behind the other pages."""
    ask = database_sync_to_async(question, thread_sensitive=False)
    found: _Found = await ask(*values, **more)
    return found


def _read_session(session: SessionBase) -> UUID | None:
    """Return the id of the row of this session, or None if the cookie is nobody's."""
    session_id = read_row_id(session)
    standing = find_standing(session_id) if session_id is not None else None
    if standing is None or standing.key_sha256 != key_hash(session):
        return None
    return session_id


def _find_look(session_id: UUID, now: datetime, *, settled: bool = False) -> Look:
    standing = find_standing(session_id)
    if standing is None:
        words = "Sign in again to go on."
        return Look(notice=Notice(title="You were signed out", words=words))
    reason = why_over(standing, now=now)
    if reason is None:
        left = standing.lapse[0] - now
        soon = standing.lapse[1] == EndReason.IDLE and left <= standing.warns_for
        return Look(left=left, ends_soon=soon)
    if reason == EndReason.CHANGED and not settled and standing.ended_at is None:
        return Look(is_settled=False)
    return Look(notice=close_session(standing=standing, reason=reason, now=now))
