"""What each view of the REST API shares: one clinic's scope, and pages by place."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.bodies import read_body
from accounts.client_address import client_address
from accounts.machines.services.keep_answer import Wish, canonical, keep_answer
from accounts.machines.services.note_request import note_request
from accounts.permissions import Permission
from accounts.shapes import Shape
from accounts.throttles import meter_actor, meter_address
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.tenancy import set_local

Json = dict[str, Any]
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """What a view says about POST, PATCH or DELETE.

    Attributes:
        name: Of the operation in the document: ``KeyMake``.
        permission: None where the view is public or asks for a person alone.
        takes: The shape of the body, None when there is none.
        answers: The shape of the answer; None is 204.
        refuses: Further statuses that can occur, with a sentence each.
    """

    name: str
    summary: str
    permission: Permission | None = None
    takes: Shape | None = None
    answers: Shape | None = None
    status: int = 200
    refuses: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))


class ApiView(APIView):
    """A view of the REST API: it says what it takes and gives, and counts who asks.

    Attributes:
        summary: What a GET gives, for those who call it.
        answers: The shape of what a GET returns; None when there is no GET.
        writes: What each other verb does, by its name in lower case.
        asker: Who asks, once that is known; None for strangers.
    """

    summary: ClassVar[str] = ""
    answers: ClassVar[Shape | None] = None
    writes: ClassVar[Mapping[str, Write]] = MappingProxyType({})
    choices: ClassVar[Mapping[str, Sequence[str]]] = MappingProxyType({})
    orderings: ClassVar[tuple[tuple[str, ...], ...]] = ()
    asker: Actor | None = None

    def __init_subclass__(cls) -> None:
        """Answer the verbs that the class says, and 405 to others."""
        reads = ["get", "head"] if cls.answers is not None else []
        cls.http_method_names = [*reads, *cls.writes]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the address before anybody is asked who it is."""
        self.now = utc_now()
        meter_address(client_address(request), now=self.now)
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Find out who asks and count them, also where they are refused next."""
        if isinstance(request.user, Actor):
            self.asker = request.user
            meter_actor(request.user, now=self.now)

    def wanted(self, request: Request) -> dict[str, str]:
        """Return the filters that were asked for, by the names of `choices`.

        Raises:
            ValidationError: If one is asked for by a word that is none of them.
        """
        asked = request.query_params
        return {
            name: one_of(asked[name], known, name=name)
            for name, known in self.choices.items()
            if name in asked
        }

    def body(self, request: Request) -> Json:
        """Return the checked body; an empty one where none is taken."""
        takes = self.writes[str(request.method).lower()].takes
        return {} if takes is None else read_body(request.data, takes)


class ClinicView(ApiView):
    """Works within the scope of the clinic of whoever asks.

    An answer is made of plain values inside the scope, since nothing can be read once
    it is closed. A write is one transaction, done once an Idempotency-Key. A request
    that leaves no row in the record by what it does leaves one by itself.
    """

    permission: ClassVar[Permission]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer, and see what is written down meanwhile."""
        with audit.watch() as self._entries:
            return super().dispatch(request, *args, **kwargs)

    def finalize_response(
        self, request: Any, response: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Note the request of somebody of a clinic who was refused."""
        self._note(response.status_code)
        return super().finalize_response(request, response, *args, **kwargs)

    def get(self, request: Request, **ids: UUID) -> Response:
        """Return `answer` as JSON that no cache keeps."""
        actor = actor_of(request)
        with self._acting(actor):
            return self._give(self.answer(request, actor, **ids))

    def post(self, request: Request, **ids: UUID) -> Response:
        """Return what `write` made."""
        return self._write(request, **ids)

    def patch(self, request: Request, **ids: UUID) -> Response:
        """Return what `write` changed."""
        return self._write(request, **ids)

    def delete(self, request: Request, **ids: UUID) -> Response:
        """Return what `write` ended."""
        return self._write(request, **ids)

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return plain values."""
        raise NotImplementedError

    def write(self, actor: Actor, body: Json, **ids: UUID) -> Any:
        """Do it and return plain values; nothing where the answer is empty."""
        raise NotImplementedError

    def watching(self, actor: Actor, **ids: UUID) -> AbstractContextManager[None]:
        """Return what stands around a write's transaction, and outlives its end."""
        return nullcontext()

    def _write(self, request: Request, **ids: UUID) -> Response:
        said = self.writes[str(request.method).lower()]
        actor, body = actor_of(request), self.body(request)
        key = read_idempotency_key(request)

        def do() -> Any:
            return self.write(actor, body, **ids)

        with self.watching(actor, **ids), self._acting(actor):
            if key is None:
                return self._give(do(), said.status)
            wish = Wish(
                key=key,
                place=f"{request.method} {request.get_full_path()}",
                body=canonical(request.data if said.takes else None),
            )
            made, is_kept = keep_answer(
                actor=actor,
                wish=wish,
                do=lambda: JSONRenderer().render(do()) or b"null",
                now=self.now,
            )
            response = self._give(json.loads(made), said.status)
        if is_kept:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    @contextmanager
    def _acting(self, actor: Actor) -> Iterator[None]:
        """Open the scope of the actor's clinic; a person's own rows are seen too."""
        noted = len(self._entries)
        try:
            with tenancy.scope(actor.organization_id):
                if actor.kind == "user":
                    set_local("app.user_id", str(actor.id))
                yield
        except Exception:
            # Their rows were undone with all else.
            del self._entries[noted:]
            raise

    def _give(self, value: Any, status: int = 200) -> Response:
        status = 204 if value is None else status
        # Within the scope: one INSERT, and without it no answer.
        self._note(status)
        headers = {"Cache-Control": "no-store"}
        return Response(value, status=status, headers=headers)

    def _note(self, status: int) -> None:
        asker = self.asker
        if asker is None or any(
            (one.organization_id, one.actor_id) == (asker.organization_id, asker.id)
            for one in self._entries
        ):
            return
        match = self.request.resolver_match
        note_request(
            actor=asker,
            name=match.view_name if match else "unknown",
            verb=str(self.request.method),
            status=status,
            now=self.now,
        )


def actor_of(request: Request) -> Actor:
    """Return who asks; the view's permission has seen to it that it is somebody."""
    actor = request.user
    assert isinstance(actor, Actor)  # noqa: S101 -- see above
    return actor


def read_idempotency_key(request: Request) -> str | None:
    """Return the Idempotency-Key, or None when there is none.

    Raises:
        ValidationError: If it is empty, too long, or not plain ASCII.
    """
    key: str | None = request.headers.get("Idempotency-Key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise ValidationError(
            {"Idempotency-Key": ["must be 1 to 200 visible ASCII characters"]}
        )
    return key


_IDEMPOTENCY_KEY: Final = re.compile(r"[!-~]{1,200}")


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

    def decode_cursor(self, request: Request) -> Any:
        """Return where the page begins, or None for the first one.

        Raises:
            ValidationError: If the cursor is none of ours. Every list is ordered by a
                time, so the place in it is one.
        """
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise ValidationError({"cursor": [_NO_CURSOR]}) from None
        if cursor is not None and cursor.position is not None:
            _require_time(str(cursor.position))
        return cursor

    def _get_position_from_instance(
        self, instance: Model | Mapping[str, Any], ordering: Sequence[str]
    ) -> str:
        """Return the row's place; unlike the original, also through a relation."""
        value: Any = instance
        for name in ordering[0].lstrip("-").split("__"):
            value = getattr(value, name)
        return str(value)


_NO_CURSOR: Final = "must be one of those that next and previous give"


def _require_time(position: str) -> None:
    try:
        at = datetime.fromisoformat(position)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ValidationError({"cursor": [_NO_CURSOR]})


def one_of(value: str, known: Sequence[str] | Mapping[str, Any], *, name: str) -> str:
    """Return the value of a query parameter that must be one of `known`.

    Raises:
        ValidationError: If it is another.
    """
    if value not in known:
        raise ValidationError({name: [f"must be one of {', '.join(known)}"]})
    return value
