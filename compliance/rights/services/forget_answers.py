"""Forget the clinic's own words about a person, once the person had time to read them.

They are free text, and may name whoever asked.
"""

from datetime import datetime, timedelta
from typing import Final

from compliance.rights import record
from compliance.rights.models import CallerMark, RightsRequest

# As long as the public door shows answers (compliance/asking).
FORGET_AFTER: Final = timedelta(days=30)


def forget_answers(*, now: datetime) -> None:
    """Empty old refusals and old reasons to lift a mark, in the open scope.

    Twice is harmless.
    """
    old = now - FORGET_AFTER
    requests = RightsRequest.objects.select_for_update(no_key=True)
    refused = requests.filter(concluded_at__lte=old).exclude(refusal_sealed=b"")
    for request in refused.order_by("id"):
        request.refusal_sealed = b""
        request.save(update_fields=["refusal_sealed"])
        record.words_forgotten(request)
    marks = CallerMark.objects.select_for_update(no_key=True)
    lifted = marks.filter(lifted_at__lte=old).exclude(reason_sealed=b"")
    for mark in lifted.order_by("id"):
        mark.reason_sealed = b""
        mark.save(update_fields=["reason_sealed"])
        record.mark_forgotten(mark)
