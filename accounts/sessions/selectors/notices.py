"""What to say to the person of a session that is over."""

from django.db import transaction

from accounts.sessions.limits import Standing
from accounts.sessions.models import EndReason, LoginSession
from accounts.sessions.selectors.zones import find_zone
from accounts.sessions.words import Notice, SignIn, notice_of
from sondervoice.kernel.tenancy import set_local


def get_notice(standing: Standing, reason: EndReason) -> Notice:
    """Return the notice for a session that ended for this reason."""
    return notice_of(
        reason,
        idle=standing.idle,
        longest=standing.longest,
        later=_later(standing) if reason == EndReason.SUPERSEDED else None,
        zone=find_zone(standing.user_id),
    )


@transaction.atomic
def _later(standing: Standing) -> SignIn | None:
    set_local("app.user_id", str(standing.user_id))
    found = (
        LoginSession.objects.filter(
            user_id=standing.user_id, started_at__gt=standing.started_at
        )
        .order_by("started_at")
        .first()
    )
    return None if found is None else SignIn(at=found.started_at, device=found.device)
