from collections.abc import Iterator

import pytest

from compliance.copies import events
from sondervoice.kernel import copies, jobs
from sondervoice.kernel.jobs import job
from tests.fakes.processor import ScriptedProcessor
from tests.integration.compliance.retention.conftest import (
    _spools,
    cast,
    make_due,
    signed_in,
    stopped_clock,
    three,
)

__all__ = ["_spools", "cast", "make_due", "signed_in", "stopped_clock", "three"]


@pytest.fixture
def telnyx(monkeypatch: pytest.MonkeyPatch) -> ScriptedProcessor:
    """The one processor there is."""
    processor = ScriptedProcessor()
    monkeypatch.setattr(copies, "_processors", {"telnyx": processor})
    return processor


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was told of any run, in its order."""
    heard: list[str] = []
    monkeypatch.setattr(jobs, "_registry", dict(jobs._registry))
    for event in (events.run_settled, events.copies_gone):
        name = event.name.partition(".")[2]

        @job(f"tests.{name}")
        def note(*, organization_id, run_id, name=name):
            heard.append(name)

        jobs._registry[f"tests.{name}"] = jobs._Job(
            note, True, False, 300, frozenset({"run_id"})
        )
        monkeypatch.setattr(event, "_jobs", [f"tests.{name}"])
    return heard
