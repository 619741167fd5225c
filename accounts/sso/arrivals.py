"""What happens in the browser's session once a provider's answer was believed."""

from datetime import datetime
from typing import cast

from django.contrib.auth import login
from django.http import HttpRequest

from accounts.models import User
from accounts.second_factor.proof import note_proof
from accounts.services.open_clinic import CHOSEN
from accounts.sso.claims import Claims
from accounts.sso.flow import CONNECTION, Flow, Purpose
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
            act(cast("User", request.user), road, claims, now=now)
    if flow.purpose == Purpose.TEST:
        keep_report(request, claims)


def _look(user: User, road: Road, claims: Claims, *, now: datetime) -> None:
    if road.connection is not None:
        note_test(
            connection_id=road.connection.id, user_id=user.pk, claims=claims, now=now
        )


def _connect(user: User, road: Road, claims: Claims, *, now: datetime) -> None:
    if road.connection is None:
        connect_social(user=user, claims=claims, now=now)
    else:
        connect_directory(connection=road.connection, user=user, claims=claims, now=now)


def _come_in(
    request: HttpRequest, road: Road, claims: Claims, *, now: datetime
) -> None:
    """Begin a session; a second factor shown by the same person before still counts."""
    connection = road.connection
    with clinic_of(road):
        user = (
            sign_in_by_social(claims=claims, now=now)
            if connection is None
            else sign_in_by_directory(connection=connection, claims=claims, now=now)
        )
    # What a directory said of a second factor is not carried into another session.
    if CONNECTION in request.session:
        request.session.flush()
    login(request, user, backend=_BACKEND)
    if connection is None:
        return
    request.session[CHOSEN] = str(connection.organization_id)
    request.session[CONNECTION] = str(connection.id)
    if connection.trusts_second_factor and claims.has_second_factor:
        note_proof(request, None, now=now)
