"""Turns our errors into pages: one place, the sentence of the error itself."""

from collections.abc import Callable
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.machines.not_theirs import watch_refusal
from sondervoice.kernel.errors import SonderError

Respond = Callable[[HttpRequest], HttpResponse]


class ErrorPagesMiddleware:
    """Answers a `SonderError` with a page in the reader's words."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Return the page of one of our errors; leave others to Django."""
        if not isinstance(exception, SonderError):
            return None
        watch_refusal(request, exception)
        template = "429.html" if exception.status == 429 else "error.html"
        answer = render(
            request, template, {"error": exception}, status=exception.status
        )
        if exception.retry_after_s is not None:
            answer.headers["Retry-After"] = str(ceil(exception.retry_after_s))
        return answer
