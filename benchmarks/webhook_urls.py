"""The carrier's door, and a view beside it that does one INSERT."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sondervoice.health import readyz
from sondervoice.kernel.ids import uuid7
from telephony.webhooks import telnyx


@csrf_exempt
@require_POST
def one_insert(request: HttpRequest) -> HttpResponse:
    """Store the body and say so: the least that an acknowledgement can be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_rows (id, body) VALUES (%s, %s)",
            [uuid7(), request.body],
        )
    return JsonResponse({"is_new": True})


urlpatterns = [
    path("webhooks/telnyx/", telnyx),
    path("one-insert/", one_insert),
    path("readyz", readyz),
]
