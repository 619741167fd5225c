"""How a page of the operators opens the door to all clinics' rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from accounts.models import User
from accounts.operators.reading import operator_reading
from accounts.operators.tokens import Purpose, issue_token
from sondervoice.kernel.clock import utc_now


@contextmanager
def reading_for(request: HttpRequest, purpose: Purpose) -> Iterator[None]:
    """Open it by a token of the operator's own, made for this request alone."""
    assert isinstance(request.user, User)  # noqa: S101 -- the gate has seen to it
    now = utc_now()
    token = issue_token(purpose=purpose, actor_id=request.user.pk, now=now)
    with operator_reading(token, now=now):
        yield
