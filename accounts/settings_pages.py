"""The pages under Settings; who may not open a page does not see its name.

A page draws itself by `draw_settings` with its own name as `here`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.access import PageRequest, member_page
from accounts.actors import Actor
from accounts.dashboard import draw
from accounts.errors import PermissionMissingError
from accounts.permissions import Permission


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One page under Settings.

    Attributes:
        url_name: Which also is its name in the navigation.
        word: As the navigation calls it.
        symbol: Of Lucide.
        is_of_all_calls: It counts what all calls make, so it is not for who sees some.
    """

    url_name: str
    word: str
    symbol: str
    permission: Permission
    is_of_all_calls: bool = False


SETTINGS_PAGES: Final = (
    SettingsPage("people", "People", "users", Permission.MEMBERS_VIEW),
    SettingsPage("roles", "Roles", "shield-check", Permission.ROLES_VIEW),
    SettingsPage("security", "Security", "lock-keyhole", Permission.SECURITY_VIEW),
    SettingsPage("encryption", "Encryption", "vault", Permission.SECURITY_VIEW),
    SettingsPage("sso-settings", "Single sign-on", "log-in", Permission.SSO_MANAGE),
    SettingsPage("key-list", "Keys", "key-round", Permission.KEYS_VIEW),
    SettingsPage("access", "Who saw what", "eye", Permission.ACCESS_VIEW),
    SettingsPage(
        "alerts", "Alerts", "bell", Permission.ACCESS_VIEW, is_of_all_calls=True
    ),
    SettingsPage("retention", "Retention", "hourglass", Permission.RETENTION_VIEW),
    SettingsPage("purposes", "What and why", "scale", Permission.RETENTION_VIEW),
    SettingsPage(
        "statistics", "Statistics", "chart-column", Permission.STATISTICS_VIEW
    ),
    SettingsPage("bin", "Bin", "trash-2", Permission.CALLS_DELETE),
    SettingsPage("rights-requests", "Requests", "user-check", Permission.RIGHTS_VIEW),
    SettingsPage("data-export", "Export", "download", Permission.DATA_EXPORT),
    SettingsPage("operator-help", "Help", "life-buoy", Permission.ACCESS_VIEW),
    SettingsPage("clinic", "Clinic", "building-2", Permission.CLINIC_MANAGE),
    SettingsPage("places", "Places", "map-pin", Permission.CLINIC_MANAGE),
    SettingsPage("plan", "Plan", "receipt-text", Permission.PLAN_VIEW),
)


Count = Callable[[], int]
_counts: dict[str, Count] = {}


def beside(url_name: str, count: Count) -> None:
    """Show what `count` returns of the open clinic beside a page's name, if not 0."""
    _counts[url_name] = count


def list_settings_pages(actor: Actor) -> list[SettingsPage]:
    """Return the pages that the actor may open, in their order."""
    return [
        one
        for one in SETTINGS_PAGES
        if actor.may(one.permission)
        and not (one.is_of_all_calls and actor.limits is not None)
    ]


def draw_settings(
    request: PageRequest,
    template: str,
    context: dict[str, Any],
    *,
    here: str,
    status: int = 200,
) -> HttpResponse:
    """Return a page that extends ``settings.html``; `here` is its address's name."""
    seen = list_settings_pages(request.actor)
    pages = {
        "settings_pages": [(one, _count_beside(one)) for one in seen],
        "settings_here": here,
    }
    return draw(request, template, pages | context, here="settings", status=status)


def _count_beside(one: SettingsPage) -> int:
    count = _counts.get(one.url_name)
    return count() if count else 0


@member_page("each page asks for its own permission")
def settings(request: PageRequest) -> HttpResponse:
    """Go to the first page of Settings that the actor may open.

    Raises:
        PermissionMissingError: If there is none.
    """
    pages = list_settings_pages(request.actor)
    if not pages:
        raise PermissionMissingError
    return redirect(pages[0].url_name)


@member_page("leads to the first page of the dashboard that the role may open")
def start(request: PageRequest) -> HttpResponse:
    """Go to Today, or to Settings for who sees no calls."""
    sees_calls = request.actor.may(Permission.CALLS_VIEW)
    return redirect("telephony:today" if sees_calls else "settings")
