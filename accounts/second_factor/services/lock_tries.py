"""Let one request at a time touch a person's second factors."""

from uuid import UUID

from accounts.second_factor.models import FactorTries


def lock_tries(*, user_id: UUID) -> FactorTries:
    """Return the person's row, held until the transaction ends.

    Of two requests with the same code the second therefore finds it used.
    """
    FactorTries.objects.get_or_create(user_id=user_id)
    return FactorTries.objects.select_for_update().get(user_id=user_id)
