"""Forget askings whose time is over, and seal the others by the newest secret."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from accounts.derived_keys import SealBrokenError
from compliance.asking import record
from compliance.asking.contact import keep_contact, open_contact, secret_id
from compliance.asking.models import AskedClinic, Asking
from compliance.asking.way_in import asking_desk

UNPROVEN_LIVES: Final = timedelta(days=1)
FINISHED_LIVES: Final = timedelta(days=30)
AT_MOST: Final = 500


def clear_askings(*, now: datetime) -> int:
    """Delete what nobody proved within a day, and what was finished 30 days ago.

    Returns:
        How many askings went.
    """
    nobodys = Q(email_proven_at=None, phone_proven_at=None)
    over = Q(finished_at__lte=now - FINISHED_LIVES) | (
        nobodys & Q(asked_at__lte=now - UNPROVEN_LIVES)
    )
    with asking_desk():
        few = Asking.objects.filter(over).order_by("asked_at").values("pk")[:AT_MOST]
        ids = [row["pk"] for row in few.select_for_update(skip_locked=True)]
        AskedClinic.objects.filter(asking_id__in=ids).delete()
        Asking.objects.filter(pk__in=ids).delete()
        if ids:
            record.cleared(len(ids))
        return len(ids)


def seal_anew() -> int:
    """Seal by SECRET_KEY what an older one sealed; return how many rows were."""
    with asking_desk():
        old = (
            Asking.objects.select_for_update(skip_locked=True)
            .exclude(sealed_by=secret_id())
            .order_by("asked_at")[:AT_MOST]
        )
        return sum(_seal_anew(asking) for asking in old)


def _seal_anew(asking: Asking) -> bool:
    try:
        keep_contact(asking, open_contact(asking))
    except SealBrokenError:
        # Its secret is gone: nobody can be written to, and nothing can be read.
        return False
    columns = ("phone_sealed", "email_sealed", "words_sealed", "sealed_by")
    asking.save(update_fields=columns)
    return True
