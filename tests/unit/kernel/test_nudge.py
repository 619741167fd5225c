from contextlib import contextmanager

import pytest

from sondervoice.kernel import nudge


class OverError(Exception):
    pass


class QuietConnection:
    """A connection on which a notice comes in each of the given seconds, or none."""

    def __init__(self, seconds):
        self._seconds = list(seconds)
        self.waited = []

    def execute(self, statement):
        assert statement == "LISTEN outbox"

    def notifies(self, *, timeout):
        if not self._seconds:
            raise OverError
        self.waited.append(timeout)
        yield from range(self._seconds.pop(0))


@pytest.mark.parametrize(
    ("notices", "nudges"), [([0, 0, 0], 4), ([2, 0], 5), ([], 1)], ids=str
)
def test_a_worker_is_nudged_at_each_notice_and_each_second(
    monkeypatch, notices, nudges
):
    listening, sent = QuietConnection(notices), []

    @contextmanager
    def connect(**_):
        yield listening

    monkeypatch.setattr(nudge.psycopg, "connect", connect)
    monkeypatch.setattr(nudge.run_waiting_jobs, "delay", lambda: sent.append(1))

    with pytest.raises(OverError):
        nudge._nudge_on_notice()

    assert len(sent) == nudges
    assert listening.waited == [1.0] * len(notices)
