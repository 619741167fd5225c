"""Check a one-time code against the person's second factors."""

from uuid import UUID

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from sondervoice.kernel import audit
from sondervoice.kernel.tenancy import set_local


def verify_code(*, user: User, code: str) -> bool:
    """Return whether the code is right; it is spent then.

    A wrong one is counted by django-otp, which waits longer after each, and is written
    down. Both stand whatever the caller does next, so call it outside a transaction.
    """
    with transaction.atomic():
        set_local("app.user_id", str(user.pk))
        devices = TOTPDevice.objects.devices_for_user(user, confirmed=True)
        found = list(devices.select_for_update())
        if any(device.verify_token(code) for device in found):
            return True
        _record(user.pk)
    return False


def _record(user_id: UUID) -> None:
    audit.record(
        audit.Entry(
            action="accounts.token.code_refused",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="user",
            subject_id=user_id,
        )
    )
