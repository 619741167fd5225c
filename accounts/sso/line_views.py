"""Settings, Single sign-on: whose calls the people of one group see."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.access import PageRequest
from accounts.limit_choices import offer_choices
from accounts.limits_form import LimitsForm
from accounts.roles.refusals import refusals_noted
from accounts.settings_pages import draw_settings
from accounts.sso.errors import SsoConnectionNotFoundError
from accounts.sso.selectors.connections import find_connection
from accounts.sso.selectors.lines import get_line
from accounts.sso.services.limit_line import limit_line
from accounts.sso.set_up_page import set_up_page

_HERE: Final = "sso-settings"


@set_up_page
@require_http_methods(["GET", "POST"])
def calls(request: PageRequest, number: int) -> HttpResponse:
    """Say whose calls the people of one line see; 0 is who is in no group.

    Raises:
        SsoConnectionNotFoundError: If there is no directory.
        SsoLineNotFoundError: If it has no such line.
        SsoLineChangedError: If the line is another group's by now.
    """
    connection = find_connection()
    if connection is None:
        raise SsoConnectionNotFoundError
    line = get_line(connection, number=number)
    form = LimitsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_noted(
            request.actor, subject_kind="sso_connection", subject_id=connection.id
        ):
            limit_line(
                actor=request.actor,
                number=number,
                group=request.POST.get("group", ""),
                to=form.chosen(),
            )
        messages.success(request, "Saved. It counts from each person’s next sign-in.")  # noqa: RUF001
        return redirect(_HERE)
    context = {
        "line": line,
        "form": form,
        "offers": offer_choices(actor=request.actor),
        "is_limited": form.is_limited if form.is_bound else line.limited_to is not None,
        "granted": form.ticked if form.is_bound else line.limited_to or [],
    }
    status = 422 if request.method == "POST" else 200
    return draw_settings(request, "sso/calls.html", context, here=_HERE, status=status)
