"""What a session keeps while its person is at a provider: one try at a time."""

import secrets
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from django.http import HttpRequest

from accounts.sso.errors import SsoRefusedError

_KEY: Final = "sso_flow"
_INTENT: Final = "sso_intent"
_LASTS_S: Final = 600
# Which connection opened this session; what a directory says holds in its clinic alone.
CONNECTION: Final = "sso_connection"
# Whether Google or Microsoft opened it.
SOCIAL: Final = "sso_social"


class Purpose(StrEnum):
    """What shall come of an answer."""

    SIGN_IN = "sign_in"
    CONNECT = "connect"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One try.

    Attributes:
        road: ``google``, ``microsoft``, or the id of a clinic's connection.
        began_at: Seconds since 1970.
        person: Whose session asked, where somebody was signed in.
        request: The id of the SAML request, hex.
    """

    road: str
    purpose: str
    began_at: int
    back: str = ""
    person: str = ""
    state: str = ""
    nonce: str = ""
    verifier: str = ""
    request: str = ""


def intend(request: HttpRequest, flow: Flow) -> None:
    """Keep what a form asked for until the browser sets out."""
    request.session[_INTENT] = asdict(flow)


def set_out(request: HttpRequest, road: str, *, now_s: int, back: str) -> Flow:
    """Begin a try on this road with fresh secrets; an older one is forgotten.

    It has the purpose of a form that asked for this very road in the last minutes, else
    it is to sign somebody in.
    """
    flow = _asked_for(request, road, now_s)
    request.session.pop(_INTENT, None)
    if flow is None:
        flow = Flow(road=road, purpose=Purpose.SIGN_IN, began_at=now_s, back=back)
    fresh = {
        "began_at": now_s,
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
    }
    flow = Flow(**asdict(flow) | fresh)
    request.session[_KEY] = asdict(flow)
    return flow


def is_asked_for(request: HttpRequest, road: str, *, now_s: int) -> bool:
    """Return whether a form of ours asked for this road in the last minutes."""
    return _asked_for(request, road, now_s) is not None


def _asked_for(request: HttpRequest, road: str, now_s: int) -> Flow | None:
    asked = request.session.get(_INTENT)
    flow = None if asked is None else Flow(**asked)
    return flow if flow and _is_for(flow, request, road, now_s) else None


def keep(request: HttpRequest, flow: Flow) -> None:
    """Keep the try with what was added to it."""
    request.session[_KEY] = asdict(flow)


def take_back(request: HttpRequest, *, now_s: int) -> Flow:
    """Return the try this browser is in, which is over with this.

    Raises:
        SsoRefusedError: If there is none, it began too long ago, or somebody else is
            signed in meanwhile.
    """
    kept = request.session.pop(_KEY, None)
    if kept is None:
        raise SsoRefusedError("state")
    flow = Flow(**kept)
    if not _is_for(flow, request, flow.road, now_s):
        raise SsoRefusedError("state")
    return flow


def _is_for(flow: Flow, request: HttpRequest, road: str, now_s: int) -> bool:
    person = str(getattr(request.user, "pk", None) or "")
    is_theirs = flow.purpose == Purpose.SIGN_IN or flow.person == person
    return flow.road == road and is_theirs and 0 <= now_s - flow.began_at <= _LASTS_S
