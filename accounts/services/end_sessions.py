"""End every session and token of a person, everywhere."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.way_in import end_sessions_of
from sondervoice.kernel.tenancy import set_local


@transaction.atomic
def end_own_sessions(*, user_id: UUID) -> int:
    """End all sessions and tokens of the person who asks; return their new number.

    A session that goes on takes the new number along; see `User.session_epoch`.
    """
    set_local("app.user_id", str(user_id))
    User.objects.filter(pk=user_id).update(session_epoch=F("session_epoch") + 1)
    return User.objects.values_list("session_epoch", flat=True).get(pk=user_id)


def end_member_sessions(*, user_id: UUID) -> None:
    """End all sessions and tokens of a member of the open organization.

    For whoever lets them go or changes what they may do; nothing happens to a person
    who is no member here, or not any more.
    """
    end_sessions_of(user_id)
