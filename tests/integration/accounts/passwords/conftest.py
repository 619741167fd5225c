import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F

from accounts.way_in import find_user
from sondervoice.kernel.jobs import run_waiting
from sondervoice.kernel.models import OutboxJob

LINK = re.compile(r"https?://\S+")


@pytest.fixture
def letters():
    """Run the jobs that wait; return each letter as (to, subject, text)."""

    def sent() -> list[tuple[str, str, str]]:
        mail.outbox.clear()
        # The database's clock stands still within the test's one transaction.
        OutboxJob.objects.update(next_at=F("next_at") - timedelta(hours=1))
        run_waiting()
        return [(one.to[0], one.subject, one.body) for one in mail.outbox]

    return sent


@pytest.fixture
def fresh():
    """Return the person as they are now."""
    return lambda user: find_user(user.pk)
