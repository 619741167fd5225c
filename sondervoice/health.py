"""Whether the process lives, and whether it can serve; neither tells a secret."""

from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts.access import public


@public("read only, says no more than that we live")
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


@public("read only, says no more than that we can serve")
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("not ready\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")
