"""End what people have asked of a clinic that closes: its rows go next."""

from datetime import datetime

from compliance.rights import record
from compliance.rights.models import RightsRequest
from sondervoice.kernel.rights import request_concluded


def end_requests(*, now: datetime) -> None:
    """Conclude each request of the open scope that is open; twice is harmless.

    Nothing of the person is left here, whatever they asked. Whoever took the request
    at the door hears of it, for they may have asked other clinics as well.
    """
    waiting = RightsRequest.objects.select_for_update(no_key=True)
    for request in waiting.filter(concluded_at=None).order_by("id"):
        request.concluded_at = now
        request.save(update_fields=["concluded_at"])
        record.ended(request)
        if request.asking_id is not None:
            request_concluded.send(
                organization_id=request.organization_id,
                request_id=request.id,
                asking_id=request.asking_id,
            )
