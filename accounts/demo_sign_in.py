"""The demo's one-time sign-in link: not served unless the settings are a demo's."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.cache import never_cache

from accounts.access import public
from accounts.models import User
from accounts.second_factor.proof import note_proof
from sondervoice.kernel import audit
from sondervoice.kernel.clock import utc_now


class SignInTokens(PasswordResetTokenGenerator):
    """Tokens bound to the last sign-in: the first use makes them worthless."""

    key_salt = "accounts.demo_sign_in"


sign_in_tokens = SignInTokens()


@public("a one-time link, in a demo alone")
@never_cache
def demo_sign_in(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Sign the person in and show the dashboard, or say where a new link comes from.

    Raises:
        Http404: If this is no demo.
    """
    if not settings.IS_DEMO:
        raise Http404
    with transaction.atomic():
        # Locked, so that of two visitors with one link the second comes too late.
        user = User.objects.select_for_update().filter(pk__in=_ids(uidb64)).first()
        if user is None or not sign_in_tokens.check_token(user, token):
            return render(request, "accounts/demo_link_spent.html", status=404)
        login(request, user)
        # Printed on the machine's own console: it stands for password and code.
        note_proof(request, None, now=utc_now())
        audit.record(
            audit.Entry(
                action="accounts.demo_link.used",
                organization_id=None,
                actor_kind="user",
                actor_id=user.pk,
                subject_kind="user",
                subject_id=user.pk,
            )
        )
    return redirect(settings.LOGIN_REDIRECT_URL)


def _ids(uidb64: str) -> list[UUID]:
    try:
        return [UUID(urlsafe_base64_decode(uidb64).decode())]
    except ValueError:
        return []
