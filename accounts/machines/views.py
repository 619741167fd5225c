"""The page Keys: which there are, making one, ending one."""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PageRequest, page
from accounts.dashboard import zone_of
from accounts.machines.errors import KeyMadeBeforeError
from accounts.machines.forms import KeyForm
from accounts.machines.selectors.key_rows import key_row, list_key_rows
from accounts.machines.selectors.keys import get_key
from accounts.machines.services.end_key import end_key
from accounts.machines.services.make_key import holdable_scopes, make_key
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from sondervoice.kernel.clock import utc_now

HERE = "key-list"


@page(Permission.KEYS_VIEW)
@require_GET
def key_list(request: PageRequest) -> HttpResponse:
    """Show all keys, those that work first."""
    rows = list_key_rows(actor=request.actor, now=utc_now())
    done = request.GET.get("done", "")
    context = {
        "working": [row for row in rows if not row.is_over],
        "over": [row for row in rows if row.is_over],
        "may_manage": request.actor.may(Permission.KEYS_MANAGE),
        "ended": next(
            (row for row in rows if str(row.id) == done and row.is_over), None
        ),
        "was_made_before": done == "made-before",
    }
    return draw_settings(request, "machines/key_list.html", context, here=HERE)


@page(Permission.KEYS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def key_make(request: PageRequest) -> HttpResponse:
    """Ask what the key should be, then make it and show it this once."""
    is_sent = request.method == "POST"
    form = KeyForm(
        request.POST if is_sent else None,
        initial={"form_id": uuid4()},
        scopes=holdable_scopes(request.actor),
        now=utc_now(),
        zone=zone_of(request),
    )
    if not is_sent or not form.is_valid():
        return draw_settings(
            request, "machines/key_form.html", {"form": form}, here=HERE
        )
    return _made(request, form)


def _made(request: PageRequest, form: KeyForm) -> HttpResponse:
    """Make the key and show it; a form that comes again shows nothing."""
    now = utc_now()
    try:
        key, secret = make_key(actor=request.actor, wish=form.wish(), now=now)
    except KeyMadeBeforeError:
        return redirect(f"{reverse(HERE)}?done=made-before")
    context = {"key": key_row(key, now=now), "secret": secret}
    return draw_settings(request, "machines/key_made.html", context, here=HERE)


@page(Permission.KEYS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def key_end(request: PageRequest, key_id: UUID) -> HttpResponse:
    """Ask whether the key should end, then end it."""
    now = utc_now()
    key = get_key(actor=request.actor, key_id=key_id)
    if request.method != "POST":
        context = {"key": key_row(key, now=now)}
        return draw_settings(request, "machines/key_end.html", context, here=HERE)
    end_key(actor=request.actor, key_id=key_id, now=now)
    return redirect(f"{reverse(HERE)}?done={key_id}")
