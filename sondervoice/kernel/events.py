"""Domain events: something has happened, and whoever waits for it gets a job.

An event is declared by the app where it happens and received above it: each receiver
names a job of its own in `apps.py::ready`, and sending writes one outbox row a receiver
in the open transaction. Nothing is lost between a commit and its consequences.
"""

from uuid import UUID

from sondervoice.kernel.jobs import after_commit


class DomainEvent:
    """Something that has happened, in the past tense: ``telephony.call_ended``."""

    def __init__(self, name: str) -> None:
        """Name the event with its app."""
        self.name = name
        self._jobs: list[str] = []

    def received_by(self, job: str) -> None:
        """Let the job of this name follow the event; naming it twice is harmless."""
        if job not in self._jobs:
            self._jobs.append(job)

    def send(self, *, organization_id: UUID, **ids: UUID) -> None:
        """Write one job a receiver into the outbox of the open transaction."""
        for job in self._jobs:
            after_commit(job, organization_id=organization_id, ids=ids)
