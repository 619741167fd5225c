"""Asks everything that the document allows, and what it forbids, as each role.

Whatever comes, the answer is one that the document knows, and never a 5xx; nothing is
answered without a key or token, nothing wrong is taken, and what was ended is gone.
"""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache as kept

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    allow_header_conformance,
    content_type_conformance,
    ensure_resource_availability,
    ignored_auth,
    negative_data_rejection,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    use_after_free,
)

from accounts.models import Agency, AgencyMembership, Organization, User
from accounts.permissions import MEMBER_ROLES, SCOPE_GRANTS, Role
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from tests.cast import Cast, join, make_person
from tests.cast_day import Day
from tests.integration.accounts.machines.conftest import (
    Program,
    cast,
    code_now,
    day,
    give_factor,
    make_machine,
    program_of,
)
from tests.integration.accounts.machines.people import membership
from tests.matrix.rows import fingerprint

__all__ = ["cast", "day"]

# Not among them: `positive_data_acceptance`, since a shape cannot say that a cursor
# must be one of ours, or that an end must lie ahead; `missing_required_header` and
# `unsupported_method` speak of a phase that is not run, so verbs are asked for below.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
    ignored_auth,
    negative_data_rejection,
    use_after_free,
    ensure_resource_availability,
]
# Of each operation, right ones and wrong ones; each is asked by everybody.
EXAMPLES = 3
OPERATIONS = 31
STORIES, STEPS = 12, 6
ADMINISTER = {Role.OWNER, Role.ADMINISTRATOR, Role.AGENCY_ADMINISTRATOR}
VERBS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
TWO_CLINICS = "in two clinics"
MACHINE = "a machine"
ASKERS = [
    *(role.value for role in MEMBER_ROLES),
    Role.AGENCY_ADMINISTRATOR.value,
    TWO_CLINICS,
    MACHINE,
]
# Makes the words of a header, of somebody who has just signed in.
SignIn = Callable[[], str]


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


@kept
def _document():
    return schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application())


@pytest.fixture
def document(day: Day, settings):
    settings.TOKEN_TRIES_AN_ADDRESS = 1_000
    with _kept_connection():
        return _document()


def _draw(operation, mode: GenerationMode) -> list:
    drawn = []

    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def draw(case):
        drawn.append(case)

    draw()
    return drawn


@kept
def _cases() -> list[list]:
    """Return what comes to mind to ask of each operation, thought of once for all."""
    found = []
    for one in _document().get_all_operations():
        operation = one.ok()
        cases = _draw(operation, GenerationMode.POSITIVE)
        if operation.body or operation.query:
            cases += _draw(operation, GenerationMode.NEGATIVE)
        found.append(cases)
    return found


def _ask_everything(sign_in: SignIn) -> Counter:
    """Ask it all; count the answers by status.

    A new sign-in for each operation: some end the one that asks.
    """
    seen: Counter = Counter()
    for cases in _cases():
        headers = {"Authorization": sign_in()}
        with _kept_connection():
            for case in cases:
                answer = case.call_and_validate(headers=headers, checks=CHECKS)
                seen[answer.status_code] += 1
        seen["operations"] += 1
    return seen


def _somebody(cast: Cast, asker: str) -> User:
    """Return a person of Alder's with this role, and the factor that it needs."""
    if asker == Role.OWNER:
        person = cast.ada
    else:
        person = make_person("Fay Lang", "fay@alder-clinic.example")
    if asker == TWO_CLINICS:
        join(cast.alder, person, Role.RECEPTIONIST)
        join(cast.birch, person, Role.OWNER)
    elif asker == Role.AGENCY_ADMINISTRATOR:
        _oversee(cast, person)
    elif asker != Role.OWNER:
        join(cast.alder, person, Role(asker))
    # Whoever administers a clinic, and be it the other one.
    if asker in ADMINISTER or asker == TWO_CLINICS:
        give_factor(person)
    return person


def _oversee(cast: Cast, person: User) -> None:
    agency = Agency.objects.create(name="Lake")
    with tenancy.scope(cast.alder.organization.id):
        Organization.objects.update(agency=agency)
    with signing_in():
        AgencyMembership.objects.create(
            agency=agency, user=person, created_at=utc_now()
        )


def _sign_in_of(cast: Cast, asker: str) -> SignIn:
    if asker == MACHINE:
        machine = make_machine(cast, *SCOPE_GRANTS)
        return lambda: machine.authorization
    person = _somebody(cast, asker)
    more = {"organization": str(cast.alder.organization.id)}

    def sign_in() -> str:
        with signing_in():
            has_factor = TOTPDevice.objects.filter(user=person).update(last_t=-1)
        code = {"code": code_now()} if has_factor else {}
        return program_of(person, **more, **code).authorization

    return sign_in


def _of_birch(cast: Cast) -> dict[str, tuple[int, str]]:
    """Return the fingerprint of Birch and of who belongs to it alone.

    Of who belongs to Alder as well, it sees the row and who signs in.
    """
    found = fingerprint(cast.birch.organization.id, [cast.dot.pk])
    shared = {"audit_logs", "accounts_user"}
    return {name: one for name, one in found.items() if name not in shared}


@pytest.mark.parametrize("asker", ASKERS)
class TestTheApi:
    def test_answers_each_role_as_the_document_says(
        self, document, cast: Cast, asker: str
    ):
        sign_in = _sign_in_of(cast, asker)
        before = _of_birch(cast)

        seen = _ask_everything(sign_in)

        assert seen["operations"] == OPERATIONS
        assert {200, 400, 401, 404} <= set(seen)
        assert (201 in seen) == (asker in ADMINISTER)
        assert 403 in seen or asker in ADMINISTER
        assert _of_birch(cast) == before


def _ending(document) -> set[str]:
    """Return where one thing can be ended, but for tokens, of which one's own are."""
    return {
        path.partition("{")[0]
        for path, said in document.raw_schema["paths"].items()
        if "delete" in said and "{" in path
    } - {"/api/v1/tokens/"}


def _to_be_ended(cast: Cast, ada: Program) -> dict[str, str]:
    """Make or find one thing of each kind that can be ended, by its address."""
    role = {"name": "Night desk", "permissions": ["calls.view"]}
    guest = {"email": "ivy@home.example", "role": "viewer"}
    (key,) = ada.get("keys/").json()["results"]
    call, *_others = ada.get("calls/?outcome=booked").json()["results"]
    return {
        "calls": call["id"],
        "keys": key["id"],
        "members": str(membership(cast.alder, cast.ben).id),
        "roles": ada.ask("POST", "roles/", role).json()["id"],
        "invitations": ada.ask("POST", "invitations/", guest).json()["id"],
    }


class TestVerbs:
    def test_that_the_document_does_not_name_are_405_and_the_answer_names_the_others(
        self, document, cast: Cast
    ):
        words = {"authorization": _sign_in_of(cast, Role.OWNER)()}
        client, wrong = Client(), []

        for path, said in document.raw_schema["paths"].items():
            named = {verb.upper() for verb in said} & VERBS
            place = re.sub(r"\{\w+\}", str(uuid7()), path)
            for verb in VERBS - named:
                answer = client.generic(verb, place, headers=words)
                allowed = set(answer.headers.get("Allow", "").split(", ")) & VERBS
                if (answer.status_code, allowed) != (405, named):
                    wrong.append((verb, path, answer.status_code, allowed))

        assert wrong == []


class TestWhatWasEnded:
    def test_is_shown_no_more_and_opens_nothing(self, document, cast: Cast):
        give_factor(cast.ada)
        ada = program_of(cast.ada, code=code_now())
        opened = program_of(cast.ben)
        machine = make_machine(cast, *SCOPE_GRANTS)
        things = _to_be_ended(cast, ada)

        ended = {
            path: ada.ask("DELETE", f"{path}/{one}/").status_code
            for path, one in things.items()
        }
        seen = {path: ada.get(f"{path}/{one}/") for path, one in things.items()}

        assert {f"/api/v1/{path}/" for path in things} == _ending(document)
        assert ended == {path: 200 if path == "keys" else 204 for path in things}
        # Who was here, and with what, stays to be seen, with its end.
        for path in ("keys", "members"):
            assert seen.pop(path).json()["ended_at"] is not None
        assert {path: one.status_code for path, one in seen.items()} == {
            "calls": 404,
            "roles": 404,
            "invitations": 405,
        }
        assert opened.get("calls/").status_code == 401
        assert machine.get("calls/").status_code == 401

    def test_is_gone_whatever_is_asked_next(self, document, cast: Cast):
        sign_in = _sign_in_of(cast, Role.OWNER)
        steps: Counter = Counter()

        class Story(document.as_state_machine()):
            def setup(self) -> None:
                self.authorization = sign_in()

            def get_call_kwargs(self, case):
                return {"headers": {"Authorization": self.authorization}}

            def step(self, given):
                with _kept_connection():
                    return super().step(given)

            def validate_response(self, response, case, headers, **_) -> None:
                steps[f"{case.method} {response.status_code}"] += 1
                case.validate_response(
                    response,
                    CHECKS,
                    headers=headers,
                    transport_kwargs={"headers": headers},
                    recorder=self.recorder,
                )

        Story.run(
            settings=settings(
                max_examples=STORIES,
                stateful_step_count=STEPS,
                database=None,
                derandomize=True,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
        )

        assert steps.total() > STORIES * 3
        assert steps["DELETE 204"] > 0
