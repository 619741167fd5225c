"""Write to whoever wants to open a clinic, or to whose address was used for it."""

from uuid import UUID

from accounts.joining.links import Link, LinkKind
from accounts.joining.models import SignUp
from accounts.letters import send_letter
from accounts.models import User
from accounts.way_in import signing_in


def send_sign_up(*, sign_up_id: UUID) -> None:
    """Send the link, or word that there is an account already; twice is harmless.

    What the form said is not in the letter: until the link was used, it may have been
    written by anybody.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with signing_in():
        row = SignUp.objects.filter(pk=sign_up_id).first()
        if row is None:
            return
        is_known = User.objects.filter(email=row.email).exists()
    if is_known:
        send_letter("sign_up_known", to=row.email)
        return
    link = Link(kind=LinkKind.SIGN_UP, row_id=row.pk, number=row.link_number)
    send_letter("sign_up", to=row.email, path=link.path())
