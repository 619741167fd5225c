"""How errors of the REST API look: RFC 9457, with a stable `code`."""

from math import ceil
from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.machines.not_theirs import watch_fields, watch_refusal
from sondervoice.kernel.errors import NotFoundError, SonderError


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem document of an error, or None for one that is not ours."""
    if isinstance(error, Http404):
        error = NotFoundError()
    if isinstance(error, SonderError):
        # The view's own transaction is over, and undone.
        watch_refusal(context.get("request"), error)
        document = _document(error.status, error.code, str(error))
        if error.retry_after_s is not None:
            document.headers["Retry-After"] = str(ceil(error.retry_after_s))
        return document
    watch_fields(context.get("request"), error)
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    code = error.get_codes()
    document = _document(
        response.status_code,
        code if isinstance(code, str) else "invalid",
        error.detail if isinstance(error.detail, str) else "Some fields are not right.",
    )
    if not isinstance(error.detail, str):
        document.data["errors"] = error.detail
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in response.headers:
            document.headers[name] = response.headers[name]
    return document


def _document(status: int, code: str, detail: str) -> Response:
    return Response(
        {"type": "about:blank", "status": status, "code": code, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )
