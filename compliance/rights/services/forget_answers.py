"""Forget the clinic's own words about a person, once the person had time to read them.

They are free text, and may name whoever asked.
"""

from datetime import datetime, timedelta
from typing import Final

from compliance.retention.services.destroy_words_key import ask_to_destroy
from compliance.rights import record
from compliance.rights.models import CallerMark, RightsRequest
from compliance.rights.sealed import Row, key_id

# As long as the public door shows answers (compliance/asking).
FORGET_AFTER: Final = timedelta(days=30)


def forget_answers(*, now: datetime) -> None:
    """Empty old refusals and old reasons to lift a mark, in the open scope.

    Their keys go once that is committed. Twice is harmless.
    """
    old = now - FORGET_AFTER
    requests = RightsRequest.objects.select_for_update(no_key=True)
    refused = requests.filter(concluded_at__lte=old).exclude(refusal_sealed=b"")
    for request in refused.order_by("id"):
        _empty(request, "refusal_sealed")
        record.words_forgotten(request)
    marks = CallerMark.objects.select_for_update(no_key=True)
    lifted = marks.filter(lifted_at__lte=old).exclude(reason_sealed=b"")
    for mark in lifted.order_by("id"):
        _empty(mark, "reason_sealed")
        record.mark_forgotten(mark)


def _empty(row: Row, column: str) -> None:
    setattr(row, column, b"")
    row.save(update_fields=[column])
    ask_to_destroy(organization_id=row.organization_id, key_id=key_id(row, column))
