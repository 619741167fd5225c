"""Settings: take all of the clinic's data along."""

from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PageRequest, page, send_to_factor
from accounts.actors import Ask
from accounts.permissions import Permission
from accounts.second_factor.freshness import is_fresh
from accounts.settings_pages import draw_settings
from compliance.rights.services.grant_export import (
    GRANT_S,
    export_data,
    grant_export,
    may_take_sound,
)
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.personal_data import Everything
from sondervoice.kernel.streams import for_server
from sondervoice.kernel.subject_data import subject_holders

_HERE: Final = "data-export"


@page(Permission.DATA_EXPORT)
@require_http_methods(["GET", "POST"])
def data_export(request: PageRequest) -> HttpResponse:
    """Say what there is to take along; give a link to it.

    Raises:
        SecondFactorStaleError: If it was not shown in the last five minutes.
    """
    now = utc_now()
    if request.method != "POST" and not is_fresh(request.actor.factor_at, now=now):
        return send_to_factor(request, Ask.SHOW_FACTOR)
    context: dict[str, object] = {
        "kinds": [(one.title, one.count(Everything())) for one in subject_holders()],
        "minutes": GRANT_S // 60,
        "may_take_sound": may_take_sound(request.organization.id),
        "is_hipaa": request.organization.hipaa_mode,
    }
    if request.method == "POST":
        query = {"grant": grant_export(actor=request.actor, now=now)}
        if "sound" in request.POST:
            query["sound"] = "yes"
        context["link"] = f"{reverse('data-export-file')}?{urlencode(query)}"
    return draw_settings(request, "compliance/rights/export.html", context, here=_HERE)


@page(Permission.DATA_EXPORT)
@require_GET
def data_export_file(request: PageRequest) -> HttpResponseBase:
    """Send the archive to whom the link is; an address without one leads to it.

    Raises:
        ExportRefusedError: If the link is over or somebody else's.
        SoundStaysError: If sound is asked for that is only to be played.
    """
    if "grant" not in request.GET:
        return redirect("data-export")
    now = utc_now()
    pieces = export_data(
        actor=request.actor,
        grant=request.GET["grant"],
        with_sound="sound" in request.GET,
        now=now,
    )
    name = f"{request.organization.slug}-{now:%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        for_server(request, pieces),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
