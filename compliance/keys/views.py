"""Settings: the keys that seal the clinic's data, and who holds the root key."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from compliance.backups.selectors import find_backups
from compliance.keys.provider import COPIES_LIVE, ROTATED_EVERY
from compliance.keys.selectors import count_keys, find_root_key
from sondervoice.kernel.clock import utc_now


@page(Permission.SECURITY_VIEW)
@require_GET
def encryption(request: PageRequest) -> HttpResponse:
    """Show what the clinic's calls are sealed with."""
    context = {
        "root": find_root_key(),
        "counts": count_keys(request.actor.organization_id),
        "days": ROTATED_EVERY.days,
        "copy_days": COPIES_LIVE.days,
        "backups": find_backups(now=utc_now()),
    }
    return draw_settings(
        request, "compliance/encryption.html", context, here="encryption"
    )
