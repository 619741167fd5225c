"""Seal a directory's secret by the newest SECRET_KEY, after a rotation."""

import logging

from django.conf import settings
from django.db import transaction

from accounts.derived_keys import SealBrokenError
from accounts.sso.models import SsoConnection
from accounts.sso.secrets import seal_anew

logger = logging.getLogger(__name__)


@transaction.atomic
def seal_secret_anew() -> bool:
    """Seal the secret of the open clinic's connection; return whether it was old.

    Nothing is read while no older secret is given.
    """
    if not settings.SECRET_KEY_FALLBACKS:
        return False
    sealed = SsoConnection.objects.filter(sealed_secret__isnull=False)
    connection = sealed.select_for_update().first()
    if connection is None or connection.sealed_secret is None:
        return False
    try:
        anew = seal_anew(bytes(connection.sealed_secret), row_id=connection.pk)
    except SealBrokenError:
        logger.warning(
            "a directory's secret cannot be opened",
            extra={"connection_id": str(connection.pk)},
        )
        return False
    if anew is None:
        return False
    connection.sealed_secret = anew
    connection.save(update_fields=["sealed_secret"])
    return True
