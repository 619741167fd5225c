"""Runs the waiting jobs and reads the letters they send, as a person would."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.core import mail

from accounts.way_in import organization_ids
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import run_waiting
from sondervoice.kernel.models import OutboxJob


def letters() -> list[tuple[str, str]]:
    """Return whom each letter since the last look went to, and its subject."""
    sent = _sent()
    return [(one.to[0], one.subject) for one in sent]


def link_in_last_letter() -> str:
    """Return the path of the one link in the newest letter."""
    text = str(_sent()[-1].body)
    (link,) = re.findall(r"http://\S+", text)
    assert link.startswith("http://127.0.0.1:8000/")
    return urlsplit(link).path


def run_jobs() -> None:
    """Run what waits. A test is one transaction, whose clock stands."""
    _make_due()
    for organization_id in organization_ids():
        with tenancy.scope(organization_id):
            _make_due()
    run_waiting()


def _make_due() -> None:
    OutboxJob.objects.filter(attempts=0).update(next_at=utc_now() - timedelta(days=1))


def _sent() -> list[mail.EmailMessage]:
    run_jobs()
    sent = list(mail.outbox)
    mail.outbox.clear()
    return sent
