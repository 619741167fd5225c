"""Close a person's account and take their name, address and traces out of it."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.joining.selectors.forgotten import is_forgotten
from accounts.joining.services.close_account import close_account
from accounts.joining.services.forget_person import forget_again, forget_person
from accounts.joining.way_in import organizations_with_traces
from accounts.models import User
from compliance.asking.services.ask_privacy import (
    forget_words,
    forget_words_again,
    note_served,
    words_of,
)
from compliance.backups.erasure_list import Erasure
from compliance.backups.services.put_on_list import put_on_list
from sondervoice.kernel.rights import RightsKind

PERSON: Final = "accounts.person"


@transaction.atomic
def erase_account(*, user: User, now: datetime) -> None:
    """Close the account, then forget whose it was; all of it or nothing.

    Raises:
        LastOwnerError: If a clinic would have no owner; then nothing is changed.
        OSError: If the list of erasures cannot be written; then neither.
    """
    # Also those that they left before, or that only invited them.
    clinics = organizations_with_traces(user.pk)
    close_account(user=user, now=now)
    forget_person(user=user, clinics=clinics)
    forget_words(user=user, now=now)
    note_served(user=user, kind=RightsKind.ERASE, now=now)
    put_on_list(
        Erasure(
            batch_id=user.pk,
            organization_id=None,
            holder=PERSON,
            ids=[user.pk],
            erased_at=now,
        )
    )


class PersonAgain:
    """Erases accounts again that a restore brought back."""

    def erase(self, erasure: Erasure) -> int:
        """Forget the people named; return how many had come back."""
        forget_words_again(erasure.ids, now=erasure.erased_at)
        return sum(
            forget_again(user_id=one, now=erasure.erased_at) for one in erasure.ids
        )

    def remains(self, erasure: Erasure) -> bool:
        """Return whether anything of them is there."""
        forgotten = all(map(is_forgotten, erasure.ids))
        return not forgotten or words_of(erasure.ids).exists()
