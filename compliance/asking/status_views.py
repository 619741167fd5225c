"""`/forget-me/status/`: the person, proven again, sees what clinics have answered."""

from datetime import datetime
from uuid import UUID

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import public
from accounts.guessing.services.take_try import take_try
from accounts.passwords.sign_in_tries import client_key
from compliance.asking import limits, record, session
from compliance.asking.codes import LIVES, PROVES_NUMBER
from compliance.asking.contact import open_contact
from compliance.asking.errors import AskingNotFoundError
from compliance.asking.forms import CodeForm
from compliance.asking.links import LinkFault, LinkPurpose
from compliance.asking.models import Asking
from compliance.asking.numbers import mask_address, mask_number
from compliance.asking.selectors.answers import (
    count_waiting,
    find_request,
    list_answers,
    list_known,
)
from compliance.asking.selectors.links import judge_link
from compliance.asking.services.ask_code import ask_code
from compliance.asking.services.prove import find_asking_for_update, prove_again
from compliance.asking.services.write_to_asker import goes_by_text
from compliance.asking.session import Shown
from compliance.asking.texts import KINDS, WRONG_CODE
from compliance.asking.views import dead, in_own_language, open_link, quiet
from compliance.asking.way_in import asking_desk
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.rights import RightsKind, open_package
from sondervoice.kernel.streams import for_server

_DATA, _CERTIFICATE = "your-data.zip", "certificate-of-erasure.zip"


@public("the link of a letter or text message; opening it changes nothing")
@never_cache
@require_GET
@in_own_language
def status_link(request: HttpRequest, token: str) -> HttpResponse:
    """Move what the link proves into the session, and out of the address.

    Raises:
        TooManyTriesError: If too many links were tried from here.
    """
    found = open_link(request, token, LinkPurpose.STATUS)
    if found is None:
        return dead(request)
    session.note(request, Shown.STATUS, found.id, now=utc_now())
    return quiet(redirect("forget-me-status"))


@public("the session holds what the link proved, and shows a code besides")
@never_cache
@require_http_methods(["GET", "POST"])
@in_own_language
def status(request: HttpRequest) -> HttpResponse:
    """Have a code sent, take it, and show the answers for 15 minutes.

    Raises:
        TooManyTriesError: If codes were asked for or tried too often.
        TextsUsedUpError: If no text message can be sent today.
    """
    now = utc_now()
    seen = session.find(request, Shown.SEEN, now=now)
    asking_id = seen or session.find(request, Shown.STATUS, now=now)
    if asking_id is None:
        return dead(request)
    if request.method == "POST" and "code" in request.POST:
        return _take_code(request, asking_id, now)
    if request.method == "POST":
        with asking_desk():
            ask_code(asking_id=asking_id, now=now)
        return redirect("forget-me-status")
    if seen is not None:
        return _show(request, seen, now)
    return _prove(request, asking_id, CodeForm(), now)


@public("a link of 15 minutes, in a session that has just shown a code")
@never_cache
@require_GET
@in_own_language
def package(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the package of one clinic, piece by piece.

    Raises:
        TooManyTriesError: If too many links were tried from here.
    """
    now = utc_now()
    take_try(limit=limits.LINK_CLIENT, key=client_key(request), now=now)
    seen = session.find(request, Shown.SEEN, now=now)
    with asking_desk():
        found = judge_link(token, purpose=LinkPurpose.PACKAGE, now=now)
        asked, name = None, _DATA
        if not isinstance(found, LinkFault) and found[0].id == seen:
            asked = find_request(asking=found[0], request_id=found[1].subject_id)
            if found[0].kind == RightsKind.ERASE:
                name = _CERTIFICATE
        if asked is None or asked.request_id is None:
            fault = found if isinstance(found, LinkFault) else LinkFault.UNKNOWN
            record.link_refused(None, fault)
            return dead(request)
        record.fetched(asked.asking_id, asked.request_id)
    pieces = open_package(organization_id=asked.clinic_id, request_id=asked.request_id)
    response = StreamingHttpResponse(
        for_server(request, pieces),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Referrer-Policy": "no-referrer",
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _take_code(request: HttpRequest, asking_id: UUID, now: datetime) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        take_try(limit=limits.CODE, key=str(asking_id), now=now)
        with asking_desk():
            asking = find_asking_for_update(asking_id)
            is_right = asking is not None and prove_again(
                asking=asking, code=form.cleaned_data["code"], now=now
            )
        if is_right:
            session.forget(request, Shown.STATUS)
            session.note(request, Shown.SEEN, asking_id, now=now)
            return redirect("forget-me-status")
        form.add_error("code", WRONG_CODE)
    return _prove(request, asking_id, form, now)


def _prove(
    request: HttpRequest, asking_id: UUID, form: CodeForm, now: datetime
) -> HttpResponse:
    asking = _get(asking_id)
    contact = open_contact(asking)
    is_text = goes_by_text(asking, contact)
    asked_at = asking.code_asked_at
    context = {
        "form": form,
        "is_text": is_text,
        "to": mask_number(contact.phone_e164)
        if is_text
        else mask_address(contact.email),
        "is_sent": asking.code_number > PROVES_NUMBER
        and asked_at is not None
        and now < asked_at + LIVES,
    }
    code = 422 if form.errors else 200
    return render(request, "asking/prove.html", context, status=code)


def _show(request: HttpRequest, asking_id: UUID, now: datetime) -> HttpResponse:
    asking = _get(asking_id)
    with asking_desk():
        record.viewed(asking_id)
        waiting = count_waiting(asking=asking)
        known = list_known(asking=asking)
    context = {
        "asking": asking,
        "wish": KINDS[RightsKind(asking.kind)][0],
        "answers": list_answers(asking=asking, known=known, now=now),
        "waiting": waiting,
    }
    return render(request, "asking/status.html", context)


def _get(asking_id: UUID) -> Asking:
    with asking_desk():
        asking = Asking.objects.filter(pk=asking_id).first()
    if asking is None:
        raise AskingNotFoundError
    return asking
