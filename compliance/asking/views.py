"""`/forget-me/`: for callers who are nobody's customer. Ask, and prove who asks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import public
from accounts.guessing.services.take_try import take_try
from accounts.passwords.sign_in_tries import client_key
from compliance.asking import limits, record, session
from compliance.asking.errors import TextsUsedUpError
from compliance.asking.forms import AskForm, CodeForm
from compliance.asking.links import LinkFault, LinkPurpose
from compliance.asking.models import Asking
from compliance.asking.selectors.links import judge_link
from compliance.asking.services.open_asking import open_asking
from compliance.asking.services.prove import (
    find_asking_for_update,
    prove_email,
    prove_phone,
)
from compliance.asking.session import Shown
from compliance.asking.texts import KINDS, USED_UP, WRONG_CODE
from compliance.asking.way_in import asking_desk
from compliance.purposes.contact import find_contact
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.outbound import can_text
from sondervoice.kernel.rights import RightsKind

View = Callable[..., HttpResponseBase]


def in_own_language(view: View) -> View:
    """Return the view, which speaks the browser's language where we have it."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            return view(request, *args, **kwargs)

    return spoken


@public("whoever has called a clinic may ask about their data")
@never_cache
@require_http_methods(["GET", "POST"])
@in_own_language
def ask(request: HttpRequest) -> HttpResponse:
    """Ask what is wanted and how to reach the person; the answer is always the same.

    Raises:
        TooManyTriesError: If too much was asked from here or for one contact.
    """
    form = AskForm(request.POST or None, can_text=can_text())
    now = utc_now()
    if request.method == "POST" and form.is_valid():
        take_try(limit=limits.ASKING_CLIENT, key=client_key(request), now=now)
        wish = form.wish(language=translation.get_language() or "en")
        try:
            with asking_desk():
                asking = open_asking(wish=wish, now=now)
        except TextsUsedUpError:
            form.add_error("phone", USED_UP)
        else:
            session.note(request, Shown.ASKED, asking.id, now=now)
            # Which way it goes is the browser's own word, and tells nothing of us.
            request.session["asking_by"] = {
                "mail": bool(wish.contact.email),
                "phone": bool(wish.contact.phone_e164),
            }
            return redirect("forget-me-sent")
    kinds = [(kind.value, *words) for kind, words in KINDS.items()]
    context = {
        "form": form,
        "kinds": kinds,
        "can_text": can_text(),
        "contact": find_contact(today=now.date()),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "asking/ask.html", context, status=status)


@public("says the same to everybody")
@never_cache
@require_GET
@in_own_language
def sent(request: HttpRequest) -> HttpResponse:
    """Say where to look, and take the code of the text message."""
    return _sent(request, CodeForm())


@public("the session that asked types the code that went to the telephone")
@require_POST
@in_own_language
def code(request: HttpRequest) -> HttpResponse:
    """Take the code; a right one proves the telephone.

    Raises:
        TooManyTriesError: After five guesses.
    """
    now, form = utc_now(), CodeForm(request.POST)
    asking_id = session.find(request, Shown.ASKED, now=now)
    if asking_id is None:
        return redirect("forget-me")
    if form.is_valid():
        take_try(limit=limits.CODE, key=str(asking_id), now=now)
        with asking_desk():
            asking = find_asking_for_update(asking_id)
            is_right = asking is not None and prove_phone(
                asking=asking, code=form.cleaned_data["code"], now=now
            )
        if is_right:
            session.forget(request, Shown.ASKED)
            return redirect("forget-me-done")
        form.add_error("code", WRONG_CODE)
    return _sent(request, form, status=422)


@public("the one-time link of a letter; opening it changes nothing")
@never_cache
@require_GET
@in_own_language
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Move what the link proves into the session, and out of the address.

    Raises:
        TooManyTriesError: If too many links were tried from here.
    """
    found = open_link(request, token, LinkPurpose.CONFIRM)
    if found is None:
        return dead(request)
    session.note(request, Shown.CONFIRM, found.id, now=utc_now())
    return quiet(redirect("forget-me-confirm"))


@public("the session holds what the link of the letter proved")
@never_cache
@require_http_methods(["GET", "POST"])
@in_own_language
def confirm(request: HttpRequest) -> HttpResponse:
    """Show what was asked; only the form confirms it: mail programs visit links."""
    now = utc_now()
    asking_id = session.find(request, Shown.CONFIRM, now=now)
    if asking_id is None:
        return dead(request)
    with asking_desk():
        asking = find_asking_for_update(asking_id)
        is_good = asking is not None and asking.email_proven_at is None
        if not is_good:
            record.link_refused(asking_id, LinkFault.USED)
        elif asking is not None and request.method == "POST":
            prove_email(asking=asking, now=now)
    if not is_good or asking is None:
        session.forget(request, Shown.CONFIRM)
        return dead(request)
    if request.method == "POST":
        session.forget(request, Shown.CONFIRM)
        return redirect("forget-me-done")
    wish = KINDS[RightsKind(asking.kind)]
    return render(request, "asking/confirm.html", {"wish": wish})


@public("says how it goes on, the same to everybody")
@require_GET
@in_own_language
def done(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return render(request, "asking/done.html")


def open_link(request: HttpRequest, token: str, purpose: LinkPurpose) -> Asking | None:
    """Return the asking that the link leads to; one that leads nowhere is recorded.

    Raises:
        TooManyTriesError: If too many links were tried from here.
    """
    now = utc_now()
    take_try(limit=limits.LINK_CLIENT, key=client_key(request), now=now)
    with asking_desk():
        found = judge_link(token, purpose=purpose, now=now)
        if isinstance(found, LinkFault):
            record.link_refused(None, found)
            return None
        return found[0]


def dead(request: HttpRequest) -> HttpResponse:
    """Return the one page of all links that open nothing."""
    return quiet(render(request, "asking/dead.html", status=404))


def quiet(response: HttpResponse) -> HttpResponse:
    """Return the answer such that what is asked for next does not learn its address."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _sent(request: HttpRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
    by = request.session.get("asking_by", {})
    context = {"form": form, "by_mail": by.get("mail"), "by_phone": by.get("phone")}
    return render(request, "asking/sent.html", context, status=status)
