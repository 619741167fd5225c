"""Tells drf-spectacular what our views say about themselves; it guesses nothing."""

from typing import Any, Final, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiRequest,
    OpenApiResponse,
)

from accounts.examples import example_of, example_problem
from accounts.rest import ApiView, ClinicView, Pages, Write
from accounts.shapes import PROBLEM, Shape

_PROBLEM_JSON: Final = "application/problem+json"
_REFUSALS: Final = {
    400: "A parameter, a field or a header is not right.",
    401: "No key or token, or one that is not valid.",
    403: "The key’s scopes, or your role, do not allow it.",  # noqa: RUF001
    404: "There is no such thing, or it belongs to somebody else.",
    415: "The body is not application/json.",
    422: "The Idempotency-Key was used for another request, or its answer is gone.",
    429: "Too many requests in this minute; Retry-After says how long to wait.",
}


class ClinicSchema(AutoSchema):
    """Describes an `ApiView` from its class attributes."""

    @property
    def _said(self) -> ApiView:
        return cast("ApiView", self.view)

    @property
    def _write(self) -> Write | None:
        return self._said.writes.get(self.method.lower())

    def get_operation_id(self) -> str:
        """Return ``CallList`` for a view, ``KeyMake`` for a write of it."""
        name = type(self.view).__name__.removesuffix("View")
        return name if self._write is None else self._write.name

    def get_summary(self) -> str:
        """Return the sentence of the view or of the write."""
        return self._said.summary if self._write is None else self._write.summary

    def get_description(self) -> str:  # type: ignore[override]  # as spectacular has it
        """Return nothing: docstrings are for those who read the code."""
        return ""

    def get_override_parameters(self) -> list[Any]:
        """Return the filters and what pages understand, or a write's header."""
        if self._write is not None:
            return [_IDEMPOTENCY] if self._is_of_a_clinic else []
        filters = [
            OpenApiParameter(name, str, enum=list(words), description="only these")
            for name, words in self._said.choices.items()
        ]
        return [*filters, *_paging(self._said)]

    def get_request_serializer(self) -> Any:
        """Return the body with an example."""
        if self._write is None or self._write.takes is None:
            return None
        shape = self._write.takes
        example = OpenApiExample("A request", example_of(shape))
        named = self._named(shape)
        return {"application/json": OpenApiRequest(named, examples=[example])}

    def get_response_serializers(self) -> Any:
        """Return the answer and the refusals, by status."""
        return {self._status(): self._answer(), **self._refusals()}

    def _status(self) -> int:
        if self._write is None:
            return 200
        return self._write.status if self._write.answers is not None else 204

    def _answer(self) -> OpenApiResponse:
        said = self._said if self._write is None else self._write
        if said.answers is None:
            return OpenApiResponse(None, "Done")
        example = OpenApiExample("An answer", example_of(said.answers))
        shape = self._named(said.answers)
        return OpenApiResponse(shape, "OK", examples=[example])

    def _refusals(self) -> dict[tuple[int, str], OpenApiResponse]:
        """Return every status that can occur, each with a problem that can."""
        problem = self._named(PROBLEM)
        words = _REFUSALS | dict(self._write.refuses if self._write else {})
        return {
            (status, _PROBLEM_JSON): OpenApiResponse(
                problem,
                words[status],
                examples=[
                    OpenApiExample("A refusal", example_problem(status, words[status]))
                ],
            )
            for status in sorted(words)
            if self._can_occur(status)
        }

    def _can_occur(self, status: int) -> bool:
        write, view = self._write, self._said
        takes_body = write is not None and write.takes is not None
        if write is not None and status in write.refuses:
            return True
        return {
            400: takes_body
            or (self._is_of_a_clinic and write is not None)
            or bool(write is None and (view.choices or view.orderings)),
            401: self._is_of_a_clinic,
            403: self._is_of_a_clinic,
            404: "{" in self.path,
            415: takes_body,
            422: self._is_of_a_clinic and write is not None,
            429: True,
        }[status]

    @property
    def _is_of_a_clinic(self) -> bool:
        return isinstance(self.view, ClinicView)

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Return False: `answers` is the whole answer."""
        return False

    def _named(self, shape: Shape) -> Shape:
        """Return the shape with each titled part of it moved to the components."""
        moved = {
            name: self._named(part) if isinstance(part, dict) else part
            for name, part in shape.items()
        }
        title = moved.get("title")
        if not isinstance(title, str):
            return moved
        kind = ResolvedComponent.SCHEMA
        component = ResolvedComponent(title, kind, moved, title)  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)
        return component.ref


_IDEMPOTENCY: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,200}$"},
    location=OpenApiParameter.HEADER,
    description="sent again within a day, it is given the first answer",
)


def _paging(view: ApiView) -> list[OpenApiParameter]:
    if not view.orderings:
        return []
    return [
        OpenApiParameter(
            "ordering",
            str,
            enum=[order[0] for order in view.orderings],
            default=view.orderings[0][0],
        ),
        OpenApiParameter(
            "limit",
            int,
            default=Pages.page_size,
            description=f"rows on a page, at most {Pages.max_page_size}",
        ),
        OpenApiParameter("cursor", str, description="as next and previous say"),
    ]


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the header that carries a key."""

    target_class = "accounts.machines.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> Shape:
        """Return how a machine signs in."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Api-Key sv_<prefix>_<secret>`",
        }


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the header that carries a person's token."""

    target_class = "accounts.machines.authentication.TokenAuthentication"
    name = "Token"

    def get_security_definition(self, auto_schema: AutoSchema) -> Shape:
        """Return how a program of a person signs in."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
