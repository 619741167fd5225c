"""The sign-up that a link leads to; asked by the sign-in pages alone."""

from datetime import datetime

from accounts.joining.errors import LinkDeadError
from accounts.joining.links import LinkKind, read_link
from accounts.joining.models import SignUp
from accounts.models import User


def get_sign_up(*, token: str, now: datetime) -> SignUp:
    """Return the sign-up, locked until the transaction ends.

    Raises:
        LinkDeadError: If the link is not ours, not the newest, has run out, was used,
            or the address has an account by now.
    """
    link = read_link(LinkKind.SIGN_UP, token)
    if link is None:
        raise LinkDeadError
    row = (
        SignUp.objects.select_for_update()
        .filter(pk=link.row_id, link_number=link.number, expires_at__gt=now)
        .first()
    )
    if row is None or User.objects.filter(email=row.email).exists():
        raise LinkDeadError
    return row
