"""The page for a session that does not count in a clinic with a directory."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import public
from accounts.actors import Actor, Ask
from accounts.errors import OrganizationNotFoundError
from accounts.models import Organization
from accounts.permissions import Permission
from accounts.sso.flow import CONNECTION
from accounts.sso.models import DirectoryIdentity
from accounts.sso.selectors.connections import find_connection


@public("says which way in the clinic wants, to whoever is signed in another way")
@require_GET
def wanted(request: HttpRequest) -> HttpResponse:
    """Say it, with the button; an owner finds the way to the set-up.

    Raises:
        OrganizationNotFoundError: If the person belongs to no clinic.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    actor: Actor | None = getattr(request, "actor", None)
    organization: Organization | None = getattr(request, "organization", None)
    if actor is None or organization is None:
        raise OrganizationNotFoundError
    if actor.asks_for is not Ask.USE_SSO:
        return redirect("start")
    connection = find_connection()
    is_known = DirectoryIdentity.objects.filter(user_id=actor.id).exists()
    context = {
        "clinic": organization.name,
        "connection": connection if connection and connection.is_on else None,
        "is_known": is_known,
        "came_by_directory": CONNECTION in request.session,
        "has_password": request.user.has_usable_password(),
        "may_set_up": actor.may(Permission.SSO_MANAGE),
        "has_other_clinics": getattr(request, "clinic_count", 1) > 1,
    }
    return render(request, "sso/wanted.html", context)
