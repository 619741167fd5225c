"""Settings: what people asked about their data, and what the clinic decided."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import (
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PageRequest, page, send_to_factor
from accounts.actors import Ask
from accounts.dashboard import zone_of
from accounts.permissions import Permission
from accounts.second_factor.freshness import is_fresh
from accounts.settings_pages import draw_settings
from compliance.rights.desk import open_package_for_staff
from compliance.rights.errors import NobodyKnownError, RequestNotFoundError
from compliance.rights.forms import (
    ApproveForm,
    EnterForm,
    ExtendForm,
    LiftForm,
    NameForm,
    RefuseForm,
)
from compliance.rights.saga import Checkpoint
from compliance.rights.selectors.marks import get_mark
from compliance.rights.selectors.request_pages import (
    list_mark_rows,
    list_rows,
    read_sheet,
)
from compliance.rights.selectors.requests import get_request
from compliance.rights.services.correct_name import correct_name, read_names
from compliance.rights.services.decide import approve, cancel, extend, refuse
from compliance.rights.services.mark_caller import lift_mark
from compliance.rights.services.open_request import enter_request
from compliance.rights.words import KINDS
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.rights import RightsKind
from sondervoice.kernel.streams import for_server

_HERE: Final = "rights-requests"
_PAGES: Final = "compliance/rights"


@page(Permission.RIGHTS_VIEW)
@require_GET
def request_list(request: PageRequest) -> HttpResponse:
    """Show what is open, what is due when, and what was concluded."""
    is_open, done = list_rows(actor=request.actor, today=_today(request))
    context = {
        "open": is_open,
        "done": done,
        "marks": list_mark_rows(actor=request.actor),
        "may_manage": request.actor.may(Permission.RIGHTS_MANAGE),
    }
    return _draw(request, "requests", context)


@page(Permission.RIGHTS_MANAGE)
@require_http_methods(["GET", "POST"])
def request_enter(request: PageRequest) -> HttpResponse:
    """Write down what somebody asked at the clinic itself."""
    form = EnterForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            entered = enter_request(
                actor=request.actor, entered=form.entered(), now=utc_now()
            )
        except NobodyKnownError as error:
            form.add_error("number", str(error))
        else:
            messages.success(request, "Entered. Approve or refuse it in time.")
            return redirect("rights-request", entered.id)
    return _draw(request, "enter", {"form": form}, status=_status(request))


@page(Permission.RIGHTS_VIEW)
@require_GET
def request_detail(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Show one request: whose, what it covers, how far it is."""
    found = get_request(actor=request.actor, request_id=request_id)
    now = utc_now()
    sheet = read_sheet(
        actor=request.actor, request=found, today=_today(request), now=now
    )
    may_manage = request.actor.may(Permission.RIGHTS_MANAGE)
    corrects = found.kind == RightsKind.RECTIFY and sheet.row.is_undecided
    context = {
        "sheet": sheet,
        "may_manage": may_manage,
        "may_cancel": found.asking_id is None,
        "may_extend": sheet.row.is_undecided
        and found.extended_at is None
        and sheet.row.days_left >= 0,
        "names": read_names(actor=request.actor, request_id=request_id, now=now)
        if corrects and may_manage
        else None,
        "has_package": sheet.package_until is not None and now < sheet.package_until,
    }
    return _draw(request, "request", context)


@page(Permission.RIGHTS_MANAGE)
@require_http_methods(["GET", "POST"])
def request_approve(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Ask whether to do what was asked; do it.

    Raises:
        RequestNotFoundError: If there is no such request, or it was decided.
        SecondFactorStaleError: If it was not shown in the last five minutes.
    """
    found = get_request(actor=request.actor, request_id=request_id)
    now = utc_now()
    form = ApproveForm(_sent(request), kind=found.kind)
    if request.method == "POST" and form.is_valid():
        approve(
            actor=request.actor,
            request_id=request_id,
            is_corrected=form.cleaned_data["corrected"],
            now=now,
        )
        messages.success(request, "Approved. It goes on by itself from here.")
        return redirect("rights-request", request_id)
    if found.checkpoint != Checkpoint.RECEIVED:
        raise RequestNotFoundError
    if not is_fresh(request.actor.factor_at, now=now):
        return send_to_factor(request, Ask.SHOW_FACTOR)
    sheet = read_sheet(
        actor=request.actor, request=found, today=_today(request), now=now
    )
    context = {"form": form, "sheet": sheet, "kind": found.kind}
    return _draw(request, "approve", context, status=_status(request))


@page(Permission.RIGHTS_MANAGE)
@require_http_methods(["GET", "POST"])
def request_refuse(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Ask for the reason of a no; say no."""
    found = get_request(actor=request.actor, request_id=request_id)
    form = RefuseForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        refuse(
            actor=request.actor,
            request_id=request_id,
            ground=form.cleaned_data["ground"],
            words=form.cleaned_data["words"],
            now=utc_now(),
        )
        messages.success(request, "Refused. The person is told why.")
        return redirect("rights-request", request_id)
    context = {"form": form, "found": found, "kind": KINDS[found.kind]}
    return _draw(request, "refuse", context, status=_status(request))


@page(Permission.RIGHTS_MANAGE)
@require_http_methods(["GET", "POST"])
def request_extend(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Ask until when and why the answer is put off; put it off."""
    found = get_request(actor=request.actor, request_id=request_id)
    form = ExtendForm(_sent(request), due=found.due_on)
    if request.method == "POST" and form.is_valid():
        extend(
            actor=request.actor,
            request_id=request_id,
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
            now=utc_now(),
        )
        messages.success(request, "Put off. The person is told why.")
        return redirect("rights-request", request_id)
    context = {"form": form, "found": found, "kind": KINDS[found.kind]}
    return _draw(request, "extend", context, status=_status(request))


@page(Permission.RIGHTS_MANAGE)
@require_POST
def request_cancel(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Take back what was entered by mistake."""
    cancel(actor=request.actor, request_id=request_id, now=utc_now())
    messages.success(request, "Cancelled. Nothing was done.")
    return redirect("rights-request", request_id)


@page(Permission.RIGHTS_MANAGE)
@require_POST
def request_correct(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Write another name in the place of one that is wrong."""
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write the name. Nothing was changed.")
        return redirect("rights-request", request_id)
    correct_name(
        actor=request.actor,
        request_id=request_id,
        keeper=form.cleaned_data["keeper"],
        item_id=form.cleaned_data["item"],
        text=form.cleaned_data["text"],
        now=utc_now(),
    )
    messages.success(request, "Corrected.")
    return redirect("rights-request", request_id)


@page(Permission.RIGHTS_MANAGE)
@require_POST
def request_package(request: PageRequest, request_id: UUID) -> HttpResponseBase:
    """Send the package to whoever hands it to the person.

    Raises:
        SecondFactorStaleError: If it was not shown in the last five minutes.
    """
    pieces = open_package_for_staff(actor=request.actor, request_id=request_id)
    return StreamingHttpResponse(
        for_server(request, pieces),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{request_id}.zip"'},
    )


@page(Permission.RIGHTS_MANAGE)
@require_http_methods(["GET", "POST"])
def mark_lift(request: PageRequest, mark_id: UUID) -> HttpResponse:
    """Ask why a mark is lifted; lift it."""
    mark = get_mark(actor=request.actor, mark_id=mark_id)
    form = LiftForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        lift_mark(
            actor=request.actor,
            mark_id=mark_id,
            reason=form.cleaned_data["reason"],
            now=utc_now(),
        )
        messages.success(request, "Lifted.")
        return redirect(_HERE)
    return _draw(request, "lift", {"form": form, "mark": mark}, status=_status(request))


def _draw(
    request: PageRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return draw_settings(
        request, f"{_PAGES}/{name}.html", context, here=_HERE, status=status
    )


def _sent(request: PageRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _status(request: PageRequest) -> int:
    return 422 if request.method == "POST" else 200


def _today(request: PageRequest) -> date:
    now: datetime = utc_now()
    return now.astimezone(zone_of(request)).date()
