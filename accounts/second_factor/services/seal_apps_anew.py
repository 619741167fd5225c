"""Seal the keys of authenticator apps by the newest SECRET_KEY, after a rotation."""

import logging
from typing import Final

from django.conf import settings

from accounts.derived_keys import SealBrokenError
from accounts.second_factor.models import AuthenticatorApp
from accounts.second_factor.sealing import seal_key_anew
from accounts.way_in import signing_in

_AT_ONCE: Final = 200

logger = logging.getLogger(__name__)


def seal_apps_anew() -> int:
    """Seal what an older secret sealed; return how many keys were.

    Nothing is read while no older secret is given.
    """
    if not settings.SECRET_KEY_FALLBACKS:
        return 0
    sealed, after = 0, 0
    while True:
        with signing_in():
            apps = AuthenticatorApp.objects.filter(pk__gt=after).order_by("pk")
            some = list(apps.select_for_update()[:_AT_ONCE])
            sealed += sum(_seal_anew(app) for app in some)
        if not some:
            return sealed
        after = some[-1].pk


def _seal_anew(app: AuthenticatorApp) -> bool:
    try:
        anew = seal_key_anew(app.key, user_id=app.user_id)
    except SealBrokenError:
        logger.warning("an app's key cannot be opened", extra={"app_id": app.pk})
        return False
    if anew is None:
        return False
    AuthenticatorApp.objects.filter(pk=app.pk).update(key=anew)
    return True
