"""Asks everything that the document allows, and what it forbids, of three actors.

Whatever comes, the answer is one that the document knows, and never a 5xx.
"""

from collections import Counter
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django_otp.plugins.otp_totp.models import TOTPDevice
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.permissions import SCOPE_GRANTS, Role
from accounts.way_in import signing_in
from tests.cast import Cast, join
from tests.cast_day import Day
from tests.integration.accounts.machines.conftest import (
    cast,
    code_now,
    day,
    give_factor,
    make_machine,
    program_of,
)

__all__ = ["cast", "day"]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 8


@contextmanager
def _kept_connection():
    """Keep the connection between requests: it holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture
def document(day: Day, settings):
    settings.TOKEN_TRIES_AN_ADDRESS = 1_000
    with _kept_connection():
        return schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application())


def _ask(operation, mode: GenerationMode, authorization: str, seen: Counter) -> None:
    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        headers = {"Authorization": authorization}
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        seen[answer.status_code] += 1

    with _kept_connection():
        ask()


def _ask_everything(document, sign_in) -> Counter:
    """Ask of each operation what comes to mind; count the answers by status.

    A new sign-in each time: some operations end the one that asks.
    """
    seen: Counter = Counter()
    for found in document.get_all_operations():
        operation = found.ok()
        _ask(operation, GenerationMode.POSITIVE, sign_in(), seen)
        if operation.body or operation.query:
            _ask(operation, GenerationMode.NEGATIVE, sign_in(), seen)
        seen["operations"] += 1
    return seen


class TestTheApi:
    def test_answers_an_owner_as_the_document_says(self, document, cast: Cast):
        give_factor(cast.ada)

        def sign_in() -> str:
            with signing_in():
                TOTPDevice.objects.update(last_t=-1)
            return program_of(cast.ada, code=code_now()).authorization

        seen = _ask_everything(document, sign_in)

        assert seen["operations"] == 31
        assert {200, 201, 204, 400, 401, 404} <= set(seen)

    def test_answers_a_viewer_as_the_document_says(self, document, cast: Cast):
        join(cast.alder, cast.eve, Role.VIEWER)

        seen = _ask_everything(document, lambda: program_of(cast.eve).authorization)

        assert seen["operations"] == 31
        assert {200, 204, 400, 401, 403, 404} <= set(seen)
        assert 201 not in seen

    def test_answers_a_machine_as_the_document_says(self, document, cast: Cast):
        machine = make_machine(cast, *SCOPE_GRANTS)

        seen = _ask_everything(document, lambda: machine.authorization)

        assert seen["operations"] == 31
        assert {200, 204, 400, 401, 403, 404} <= set(seen)
        assert 201 not in seen
