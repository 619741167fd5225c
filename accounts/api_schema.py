"""Tells drf-spectacular what our views say about themselves; it guesses nothing."""

from typing import Any, Final, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from accounts.rest import ClinicView, Pages
from accounts.shapes import PROBLEM, Shape

_PROBLEM_JSON: Final = "application/problem+json"
_REFUSALS: Final = {
    400: "A parameter is not right.",
    401: "No key, or one that is not valid.",
    403: "The key’s scopes do not allow it.",  # noqa: RUF001
    404: "There is no such thing, or it belongs to somebody else.",
}


class ClinicSchema(AutoSchema):
    """Describes a `ClinicView` from its class attributes."""

    @property
    def _said(self) -> ClinicView:
        return cast("ClinicView", self.view)

    def get_operation_id(self) -> str:
        """Return the view's name: ``CallList``."""
        return type(self.view).__name__.removesuffix("View")

    def get_summary(self) -> str:
        """Return the view's sentence."""
        return self._said.summary

    def get_description(self) -> str:  # type: ignore[override]  # as spectacular has it
        """Return nothing: docstrings are for those who read the code."""
        return ""

    def get_override_parameters(self) -> list[Any]:
        """Return the filters, then what pages understand."""
        filters = [
            OpenApiParameter(name, str, enum=list(words), description="only these")
            for name, words in self._said.choices.items()
        ]
        return [*filters, *_paging(self._said)]

    def get_response_serializers(self) -> Any:
        """Return the answer and the refusals, by status."""
        view = self._said
        known = [
            status
            for status in _REFUSALS
            if (status != 400 or view.choices or view.orderings)
            and (status != 404 or "{" in self.path)
        ]
        problem = self._named(PROBLEM)
        refusals = {
            (status, _PROBLEM_JSON): OpenApiResponse(problem, _REFUSALS[status])
            for status in known
        }
        return {200: OpenApiResponse(self._named(view.answers), "OK"), **refusals}

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


def _paging(view: ClinicView) -> list[OpenApiParameter]:
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

    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> Shape:
        """Return how a machine signs in."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Api-Key sv_<prefix>_<secret>`",
        }
