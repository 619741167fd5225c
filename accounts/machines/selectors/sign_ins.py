"""Where a person is signed in and was, by browser and by program."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from accounts.actors import Actor
from accounts.errors import PermissionMissingError
from accounts.machines.models import TokenFamily
from accounts.sessions.limits import why_over
from accounts.sessions.models import LoginSession
from accounts.sessions.selectors.own_sessions import KEPT
from accounts.sessions.selectors.standing import find_standing

AT_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One sign-in.

    Attributes:
        device: Words of ours of a browser; of a program, what it calls itself.
        ended_at: Null while nobody has noticed that it is over, too.
    """

    id: UUID
    kind: Literal["browser", "program"]
    is_open: bool
    device: str
    address: str
    started_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None


def list_own_sign_ins(*, actor: Actor, now: datetime) -> list[SignIn]:
    """Return the person's sign-ins that began in the last 30 days, the newest first.

    Asked in a transaction that runs as the person.

    Raises:
        PermissionMissingError: If the actor is a machine, which has none.
    """
    if actor.kind != "user":
        raise PermissionMissingError
    found = [*_browsers(actor.id, now), *_programs(actor.id, now)]
    return sorted(found, key=lambda one: one.started_at, reverse=True)[:AT_MOST]


def _browsers(user_id: UUID, now: datetime) -> Iterator[SignIn]:
    rows = LoginSession.objects.filter(user_id=user_id, started_at__gte=now - KEPT)
    for row in rows.order_by("-started_at", "-id")[:AT_MOST]:
        yield SignIn(
            id=row.pk,
            kind="browser",
            is_open=row.ended_at is None and _stands(row, now),
            device=row.device,
            address=row.address,
            started_at=row.started_at,
            last_seen_at=row.last_seen_at,
            ended_at=row.ended_at,
        )


def _stands(row: LoginSession, now: datetime) -> bool:
    standing = find_standing(row.pk)
    return standing is not None and why_over(standing, now=now) is None


def _programs(user_id: UUID, now: datetime) -> Iterator[SignIn]:
    rows = TokenFamily.objects.select_related("user").filter(
        user_id=user_id, started_at__gte=now - KEPT
    )
    for row in rows.order_by("-started_at", "-id")[:AT_MOST]:
        goes_on = row.ended_at is None and row.expires_at > now
        yield SignIn(
            id=row.pk,
            kind="program",
            is_open=goes_on and row.epoch == row.user.session_epoch,
            device=row.agent,
            address=row.address,
            started_at=row.started_at,
            last_seen_at=row.used_at,
            ended_at=row.ended_at or (None if goes_on else row.expires_at),
        )
