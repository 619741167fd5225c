"""Names outside the database: each says whose it is, or why it is nobody's clinic's."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from celery import current_app
from django.core.cache.backends.locmem import LocMemCache

from accounts.sessions.open_pages import group_of
from compliance.keys.store import FileKeyStore
from recordings.spool import spool_path
from recordings.storage_names import object_name
from sondervoice.kernel import jobs, tenancy
from sondervoice.kernel.ids import uuid7
from telephony.tasks import sweep_lost_calls
from tests.architecture.source import files, name_of
from tests.cast import NOW, Cast
from tests.cast_calls import make_call
from tests.cast_fixtures import SignIn, cast, signed_in
from tests.integration.accounts.machines.conftest import make_machine, program_of

__all__ = ["cast", "signed_in"]

OURS = ("accounts.", "compliance.", "recordings.", "telephony.", "sondervoice.")
# Of no clinic, and why.
OF_NO_CLINIC = {
    r"django\.contrib\.sessions\.cached_db.*": (
        "a person's session, found by a secret; which clinic is open may change in it"
    ),
    r"throttle:[\w=-]+(:begun)?": (
        "a count under a blinded name: of an address, or of all a person or key asks"
    ),
}


def _noting(found: set[str], verb: Callable) -> Callable:
    def note(self, key, *args, **more):
        found.add(str(key))
        return verb(self, key, *args, **more)

    return note


def _saying(words: str) -> set[str]:
    return {name_of(path) for path in files() if words in path.read_text()}


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names under which something is put into the cache."""
    found: set[str] = set()
    for verb in ("set", "add", "incr", "touch"):
        monkeypatch.setattr(
            LocMemCache, verb, _noting(found, getattr(LocMemCache, verb))
        )
    return found


class TestCache:
    def test_is_used_in_these_files_alone(self):
        assert _saying("django.core.cache import") == {
            "accounts/sessions/store.py",
            "accounts/throttles.py",
            "telephony/tasks.py",
        }

    def test_names_the_clinic_or_nothing_of_one(
        self, cast: Cast, signed_in: SignIn, cached: set[str]
    ):
        organization_id = cast.alder.organization.id
        with tenancy.scope(organization_id):
            call = make_call(cast.alder, at=NOW, status="ringing", ended_at=None)
        signed_in(cast.ben).get("/app/calls/")
        make_machine(cast, "calls:read").get("calls/")
        program_of(cast.ben).get("calls/")
        sweep_lost_calls()

        kinds = {
            next((one for one in OF_NO_CLINIC if re.fullmatch(one, name)), name)
            for name in cached
        }
        assert kinds == {*OF_NO_CLINIC, f"lost-call:{organization_id}:{call.id}"}


class TestStored:
    def test_names_the_clinic_first(self, tmp_path: Path):
        organization_id, call_id = uuid7(), uuid7()
        FileKeyStore(tmp_path).put(organization_id, "call", b"wrapped")

        kept = [one for one in tmp_path.rglob("*") if one.is_file()]
        assert all(str(organization_id) in one.parts for one in kept)
        assert len(kept) == 1
        assert object_name(organization_id, call_id).startswith(f"{organization_id}/")
        spool = spool_path(tmp_path, organization_id, call_id)
        assert spool.parent.name == str(organization_id)


class TestJobs:
    def test_are_each_asked_for_a_clinic(self):
        works = {name: jobs._registry[name].work for name in jobs.registered()}

        assert len(works) > 15
        assert [
            name
            for name, work in works.items()
            if "organization_id" not in inspect.signature(work).parameters
        ] == []

    def test_of_the_clock_and_nudges_carry_nothing(self):
        tasks = {
            name: inspect.signature(task.run).parameters
            for name, task in current_app.tasks.items()
            if task.run.__module__.startswith(OURS)
        }

        assert len(tasks) > 20
        assert {name: list(given) for name, given in tasks.items() if given} == {}


class TestGroups:
    def test_are_of_one_session_whose_person_no_other_clinic_tells(self):
        # A session is a person's, who may open another clinic in it: it stands for
        # itself. That no other hears is tried in `sessions/test_open_pages.py`.
        assert _saying("group_send") == {"accounts/sessions/open_pages.py"}
        assert group_of(UUID(int=1)) != group_of(UUID(int=2))
