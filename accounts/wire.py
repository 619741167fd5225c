"""What of HTTP the REST API takes: JSON of a bounded length, and gives: JSON always."""

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any, Final, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

BODY_BYTES_AT_MOST: Final = 64 * 1024


class JsonBody(JSONParser):
    """Reads a JSON body in UTF-8, strictly, and never more of it than the limit."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the body's value.

        Raises:
            ParseError: If it is too long, not UTF-8, not JSON, or nested too deep.
        """
        sent: bytes = stream.read(BODY_BYTES_AT_MOST + 1)
        if len(sent) > BODY_BYTES_AT_MOST:
            raise ParseError("The body is longer than 64 KB.")
        try:
            text = codecs.decode(sent, "utf-8")
            return json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise ParseError("The body is not JSON in UTF-8.") from None


class AlwaysJson(BaseContentNegotiation):
    """Gives JSON whatever the client says it would like."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Return the parser of the body's media type, or None for 415."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((one for one in parsers if one.media_type == kind), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer."""
        return renderers[0], renderers[0].media_type


def _refuse(constant: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python reads and JSON does not know."""
    raise ValueError(constant)
