"""An operator at a clinic: the road of their requests through `ScopeMiddleware`.

The session keeps which hour at which clinic it is; each request asks the database anew
whether that hour still runs, whether the grant is live, and writes one row into the
clinic's record before anything is shown.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from accounts.actors import Actor
from accounts.limits import Limits, read_limits
from accounts.models import Membership, User
from accounts.operators.errors import LookOnlyError, VisitOverError
from accounts.operators.models import OperatorSession
from accounts.operators.selectors.grants import has_live_grant
from accounts.operators.selectors.sessions import find_live_session
from accounts.permissions import ROLE_GRANTS, Permission, Role
from accounts.second_factor.proof import proved_at
from accounts.sso.flow import CONNECTION
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.errors import SonderError
from sondervoice.kernel.tenancy import set_local

VISIT: Final = "operator_session"
END: Final = "operator-session-end"
_LOOKS: Final = frozenset({"GET", "HEAD"})

Respond = Callable[[HttpRequest], HttpResponse]


def begin_visit(request: HttpRequest, session: OperatorSession) -> None:
    """Let the requests of this sign-in go to the session's clinic."""
    request.session.cycle_key()
    request.session[VISIT] = f"{session.organization_id}/{session.pk}"


def leave_visit(request: HttpRequest) -> None:
    """Let them go to the person's own clinics again."""
    if request.session.pop(VISIT, None) is not None:
        request.session.cycle_key()


def answer_visit(
    request: HttpRequest, user: User, get_response: Respond
) -> HttpResponse | None:
    """Return the answer to a request of an operator at a clinic, None for others."""
    kept = request.session.get(VISIT)
    if kept is None:
        return None
    organization_id, session_id = map(UUID, kept.split("/"))
    with tenancy.scope(organization_id):
        set_local("app.user_id", str(user.pk))
        session = _live_session(request, user, session_id)
        if session is None:
            leave_visit(request)
            return _refuse(request, VisitOverError())
        return _look(request, user, session, get_response)


def _live_session(
    request: HttpRequest, user: User, session_id: UUID
) -> OperatorSession | None:
    now = utc_now()
    is_operator = user.is_staff and has_live_grant(user_id=user.pk, now=now)
    is_proved = proved_at(request) is not None and CONNECTION not in request.session
    if not (is_operator and is_proved):
        return None
    return find_live_session(session_id=session_id, operator_id=user.pk, now=now)


def _look(
    request: HttpRequest,
    user: User,
    session: OperatorSession,
    get_response: Respond,
) -> HttpResponse:
    name = _name_of(request)
    is_allowed = request.method in _LOOKS or name == END
    _note(session, user, name=name, is_allowed=is_allowed)
    if not is_allowed:
        return _refuse(request, LookOnlyError())
    request.operator_session = session  # type: ignore[attr-defined]
    request.organization = session.organization  # type: ignore[attr-defined]
    request.clinic_count = 1  # type: ignore[attr-defined]
    request.actor = _actor(request, user, session)  # type: ignore[attr-defined]
    return _draw(request, get_response)


def _draw(request: HttpRequest, get_response: Respond) -> HttpResponse:
    """Draw the page; one that fails is undone, the row of the request stands."""
    with transaction.atomic():
        response = get_response(request)
        if response.status_code >= 500:
            transaction.set_rollback(True)
        return response


def _actor(request: HttpRequest, user: User, session: OperatorSession) -> Actor:
    """Return the operator; as a member, with no more than that member has either."""
    granted, limits = ROLE_GRANTS[Role.SYSTEM_OPERATOR], None
    if session.as_member_id is not None:
        theirs, limits = _held_by(session.as_member_id)
        granted &= theirs
    return Actor(
        kind="operator",
        id=user.pk,
        organization_id=session.organization_id,
        permissions=granted,
        role=Role.SYSTEM_OPERATOR,
        factor_at=proved_at(request),
        limits=limits,
    )


def _held_by(user_id: UUID) -> tuple[frozenset[Permission], Limits | None]:
    found = (
        Membership.objects.select_related("custom_role")
        .filter(user_id=user_id, ended_at=None)
        .first()
    )
    if found is None:
        return frozenset(), None
    limits = read_limits(found)
    if found.custom_role is None:
        return ROLE_GRANTS[Role(found.role)], limits
    return frozenset(map(Permission, found.custom_role.permissions)), limits


def _name_of(request: HttpRequest) -> str:
    """Return the name of the address, never the address: it may hold what is sought."""
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return "unknown"


def _note(session: OperatorSession, user: User, *, name: str, is_allowed: bool) -> None:
    OperatorSession.objects.filter(pk=session.pk).update(
        request_count=F("request_count") + 1
    )
    facts: dict[str, audit.Fact] = {"is_allowed": is_allowed}
    if session.as_member_id is not None:
        facts["as_member"] = session.as_member_id
    audit.record(
        audit.Entry(
            action="accounts.operator_request.made",
            organization_id=session.organization_id,
            actor_kind="operator",
            actor_id=user.pk,
            subject_kind="operator_session",
            subject_id=session.pk,
            fields=(name,),
            facts=facts,
        )
    )


def _refuse(request: HttpRequest, error: SonderError) -> HttpResponse:
    return render(request, "error.html", {"error": error}, status=error.status)
