"""What the carrier calls: one POST an event.

The signature is checked on the raw bytes, the event is stored, and only then is it
acknowledged: what we cannot store we ask for again (503).

Next: `telephony.services.receive_notice`.
"""

import logging

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sondervoice.kernel.clock import utc_now
from telephony.carrier.port import NoticeRefusedError
from telephony.carrier.telnyx.notices import read_notice
from telephony.carrier.telnyx.signature import check_signature
from telephony.services.receive_notice import receive_notice

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def telnyx(request: HttpRequest) -> HttpResponse:
    """Answer 200 once the event is stored, 4xx for what is not the carrier's."""
    now = utc_now()
    try:
        check_signature(
            body=request.body,
            signature=request.META.get("HTTP_TELNYX_SIGNATURE_ED25519", ""),
            timestamp=request.META.get("HTTP_TELNYX_TIMESTAMP", ""),
            public_key=settings.TELNYX_PUBLIC_KEY,
            now=now,
        )
        notice = read_notice(request.body)
    except NoticeRefusedError as refusal:
        code = str(refusal)
        logger.warning("webhook refused", extra={"code": code})
        status = 400 if code == "shape" else 401
        return JsonResponse({"code": f"webhook_{code}"}, status=status)
    try:
        is_new = receive_notice(carrier="telnyx", notice=notice, now=now)
    except DatabaseError:
        logger.exception("webhook not stored")
        return JsonResponse(
            {"code": "try_again"}, status=503, headers={"Retry-After": "2"}
        )
    return JsonResponse({"is_new": is_new})


telnyx.public_because = "signed by the carrier"  # type: ignore[attr-defined]
