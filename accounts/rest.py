"""What each view of the REST API shares: one clinic's scope, and pages by place."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.shapes import Shape
from sondervoice.kernel import tenancy

Json = dict[str, Any]
Row = TypeVar("Row", bound=Model)


class ClinicView(APIView):
    """Answers a GET within the scope of the clinic whose key it is.

    The answer is made of plain values inside the scope, since nothing can be read
    once it is closed.

    Attributes:
        summary: What the address gives, for those who call it.
        answers: The shape of what `answer` returns.
        choices: Words of each parameter that narrows.
        orderings: The orders that may be asked for, as `Pages` takes them.
    """

    permission: ClassVar[Permission]
    summary: ClassVar[str]
    answers: ClassVar[Shape]
    choices: ClassVar[Mapping[str, Sequence[str]]] = MappingProxyType({})
    orderings: ClassVar[tuple[tuple[str, ...], ...]] = ()

    def get(self, request: Request, **ids: UUID) -> Response:
        """Return `answer` as JSON that no cache keeps."""
        actor = request.user
        assert isinstance(actor, Actor)  # noqa: S101 -- `HasDeclaredPermission` has seen to it
        with tenancy.scope(actor.organization_id):
            return Response(
                self.answer(request, actor, **ids),
                headers={"Cache-Control": "no-store"},
            )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return plain values."""
        raise NotImplementedError


class Pages(CursorPagination):
    """Pages that stay right while rows are added: ``?limit=`` and ``?cursor=``."""

    page_size = 50
    max_page_size = 100
    page_size_query_param = "limit"

    def __init__(self, *orderings: tuple[str, ...]) -> None:
        """Take the orders that may be asked for, the usual one first.

        Each names its columns as `QuerySet.order_by` does; the first is what
        ``?ordering=`` says, the others break ties.
        """
        super().__init__()
        self._orderings = {order[0]: order for order in orderings}
        self.ordering = orderings[0]

    def get_page_size(self, request: Request) -> int | None:
        """Return how many rows were asked for, at most a hundred.

        Raises:
            ValidationError: If it is no number from 1 on.
        """
        wanted = request.query_params.get("limit", str(self.page_size))
        if not (wanted.isascii() and wanted.isdecimal() and int(wanted[:9]) > 0):
            raise ValidationError({"limit": ["must be a number from 1 to 100"]})
        return min(int(wanted[:9]), self.max_page_size)

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> tuple[str, ...]:
        """Return the order that was asked for.

        Raises:
            ValidationError: If it is none of ours.
        """
        wanted = request.query_params.get("ordering", self.ordering[0])
        return self._orderings[one_of(wanted, self._orderings, name="ordering")]

    def answer(
        self, request: Request, rows: QuerySet[Row], shape: Callable[[Row], Json]
    ) -> Json:
        """Return one page: the rows shaped, and where the next and previous begin."""
        found = self.paginate_queryset(rows, request) or []
        return {
            "next": self.get_next_link(),
            "previous": self.get_previous_link(),
            "results": [shape(row) for row in found],
        }

    def _get_position_from_instance(
        self, instance: Model | Mapping[str, Any], ordering: Sequence[str]
    ) -> str:
        """Return the row's place; unlike the original, also through a relation."""
        value: Any = instance
        for name in ordering[0].lstrip("-").split("__"):
            value = getattr(value, name)
        return str(value)


def one_of(value: str, known: Sequence[str] | Mapping[str, Any], *, name: str) -> str:
    """Return the value of a query parameter that must be one of `known`.

    Raises:
        ValidationError: If it is another.
    """
    if value not in known:
        raise ValidationError({name: [f"must be one of {', '.join(known)}"]})
    return value
