"""Domain events: something has happened, and it is committed."""

from uuid import UUID

from django.db import transaction
from django.dispatch import Signal


class DomainEvent:
    """A signal that carries ids and is sent after the commit.

    Receivers live above the app that declares the event and are few; each does its work
    through `kernel.jobs.after_commit`, so that a crash between commit and receiver is
    made good by nothing being lost in the outbox.
    """

    def __init__(self, name: str) -> None:
        """Name the event in the past tense, with its app: ``telephony.call_ended``."""
        self.name = name
        self.signal = Signal()

    def send_after_commit(self, **ids: UUID) -> None:
        """Tell the receivers once the open transaction is committed."""
        transaction.on_commit(lambda: self.signal.send(sender=self.name, **ids))
