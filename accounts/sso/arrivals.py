"""What happens in the browser's session once a provider's answer was believed."""

from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest

from accounts.models import Organization, User
from accounts.second_factor.half_sign_in import begin_half, needs_factor
from accounts.second_factor.proof import note_vouching, vouched_at
from accounts.selectors.members import find_actor
from accounts.services.keep_session import keep_session
from accounts.services.open_clinic import CHOSEN
from accounts.sso.claims import Claims
from accounts.sso.flow import CONNECTION, SOCIAL, Flow, Purpose
from accounts.sso.oidc import refuse_unverified
from accounts.sso.report import keep_report
from accounts.sso.roads import Road, clinic_of
from accounts.sso.services.connect_identity import connect_directory, connect_social
from accounts.sso.services.note_test import note_test
from accounts.sso.services.sign_in_by_directory import sign_in_by_directory
from accounts.sso.services.sign_in_by_social import sign_in_by_social
from accounts.way_in import signing_in

_BACKEND = "accounts.backends.ScopedBackend"


def arrive(
    request: HttpRequest, road: Road, flow: Flow, claims: Claims, *, now: datetime
) -> None:
    """Do what the try was for: sign in, connect, or only look.

    Raises:
        SsoRefusedError: If the person may not; nothing was changed.
    """
    if flow.purpose != Purpose.TEST:
        refuse_unverified(claims)
    with signing_in():
        if flow.purpose == Purpose.SIGN_IN:
            _come_in(request, road, claims, now=now)
            return
        with clinic_of(road):
            act = _look if flow.purpose == Purpose.TEST else _connect
            act(request, road, claims, now=now)


def _look(request: HttpRequest, road: Road, claims: Claims, *, now: datetime) -> None:
    if road.connection is None:
        return
    actor = find_actor(
        user=cast("User", request.user),
        organization=Organization.objects.get(pk=road.connection.organization_id),
        factor_at=vouched_at(request),
    )
    note_test(actor=actor, connection_id=road.connection.id, claims=claims, now=now)
    keep_report(request, claims)


def _connect(
    request: HttpRequest, road: Road, claims: Claims, *, now: datetime
) -> None:
    user = cast("User", request.user)
    number = (
        connect_social(user=user, claims=claims, now=now)
        if road.connection is None
        else connect_directory(
            connection=road.connection, user=user, claims=claims, now=now
        )
    )
    if number is not None:
        keep_session(request, epoch=number)
    messages.success(request, f"{road.word} is connected. You can sign in by it now.")


def _come_in(
    request: HttpRequest, road: Road, claims: Claims, *, now: datetime
) -> None:
    """Begin a session, or half of one for who has a second factor to show."""
    connection = road.connection
    with clinic_of(road):
        user = (
            sign_in_by_social(claims=claims, now=now)
            if connection is None
            else sign_in_by_directory(connection=connection, claims=claims, now=now)
        )
    is_vouched = (
        connection is not None
        and connection.trusts_second_factor
        and claims.has_second_factor
    )
    carries: dict[str, str | bool] = {SOCIAL: True}
    if connection is not None:
        carries = {
            CHOSEN: str(connection.organization_id),
            CONNECTION: str(connection.id),
        }
    if needs_factor(user) and not is_vouched:
        begin_half(request, user, carries=carries, now=now)
        return
    # What a directory said of a second factor is not carried into another session.
    if CONNECTION in request.session:
        request.session.flush()
    login(request, user, backend=_BACKEND)
    request.session.pop(SOCIAL, None)
    request.session.update(carries)
    if is_vouched:
        note_vouching(request, now=now)
