import json
import logging
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.second_factor.models import AuthenticatorApp, RecoveryCodes
from accounts.second_factor.services.add_app import add_app
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from tests.cast import Cast
from tests.cast_factor import STEP, Phone, sign_in_with_mailbox
from tests.integration.accounts.second_factor.test_set_up_views import (
    SET_UP,
    phone_that_scans,
)


def _live(client: Client, phone: Phone) -> tuple[list[str], list[str]]:
    """Set up, be right and wrong; return the secrets, and where the answers led."""
    first = phone.code_at(utc_now())
    made = client.post(SET_UP, {"code": first}).context["made"]
    later = phone.code_at(utc_now() + STEP)
    places = [
        client.post(f"/accounts/second-factor/{page}/", {"code": code})
        for page, code in (
            ("verify", first),
            ("verify", later),
            ("recovery", made[0]),
            ("recovery", made[0]),
        )
    ]
    assert [one.status_code for one in places] == [422, 302, 302, 422]
    return [first, later, *made], [one.headers.get("Location", "") for one in places]


class TestSecret:
    def test_is_in_no_log_row_job_session_or_address(
        self, cast: Cast, caplog: pytest.LogCaptureFixture
    ):
        caplog.set_level(logging.DEBUG)
        client = sign_in_with_mailbox(cast.ada)
        phone = phone_that_scans(client)
        pending = json.dumps([one.get_decoded() for one in Session.objects.all()])

        codes, places = _live(client, phone)

        with signing_in():
            kept = [
                *AuthenticatorApp.objects.values_list("key", flat=True),
                *RecoveryCodes.objects.values_list("hashes", flat=True),
            ]
        looked_at = "\n".join(
            [
                pending,
                str(kept),
                caplog.text,
                json.dumps([one.get_decoded() for one in Session.objects.all()]),
                str(list(AuditLog.unscoped.values_list("fields", "facts"))),
                str(list(OutboxJob.objects.values_list("ids", flat=True))),
                *places,
            ]
        )
        secrets = [*codes, phone.key.hex(), phone.base32]
        words = set(re.split(r"[^0-9A-Za-z@.-]+", looked_at))
        assert [one for one in secrets if one in words] == []
        assert phone.key.hex() not in looked_at


class TestKey:
    def test_is_added_once_when_confirmed_twice(self, cast: Cast):
        client = sign_in_with_mailbox(cast.ada)
        phone = phone_that_scans(client)
        sealed = client.session["second_factor_pending"]
        now = utc_now()
        with signing_in():
            found = [
                add_app(
                    user=cast.ada,
                    sealed_key=sealed,
                    code=phone.code_at(now),
                    name="Phone",
                    now=now,
                )
                for _ in range(2)
            ]
            count = AuthenticatorApp.objects.count()

        assert [one is None for one in found] == [False, True]
        assert count == 1
