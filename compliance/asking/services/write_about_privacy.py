"""Letters about a person's own request: to whoever answers it, and to the person."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from accounts.letters import send_letter
from accounts.way_in import find_user
from compliance.asking.models import PrivacyRequest
from compliance.asking.way_in import asking_desk


def officer() -> str:
    """Return who answers for data protection: DPO_MAIL, else SECURITY_MAIL."""
    return settings.DPO_MAIL or settings.SECURITY_MAIL


def warn_officer(*, request_id: UUID) -> None:
    """Say that a request is new, waits, or is late; no name is in the letter.

    Raises:
        VendorError: If the mail server did not take it.
    """
    row = _find(request_id)
    if row is None or row.status != PrivacyRequest.Status.OPEN or not officer():
        return
    path = reverse("admin:asking_privacyrequest_change", args=[row.id])
    send_letter("privacy_request", to=officer(), row=row, path=path)


def send_privacy_answer(*, request_id: UUID) -> None:
    """Tell the person that there is an answer, or that it takes longer.

    Raises:
        VendorError: If the mail server did not take it.
    """
    row = _find(request_id)
    user = None if row is None else find_user(row.user_id)
    if row is not None and user is not None:
        path = reverse("privacy")
        send_letter("privacy_answer", to=user.email, row=row, path=path)


def _find(request_id: UUID) -> PrivacyRequest | None:
    with asking_desk():
        return PrivacyRequest.objects.filter(pk=request_id).first()
