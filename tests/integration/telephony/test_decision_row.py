"""The line of the record that says by which decision a call is captured."""

import json

import pytest

from compliance.capture import rules
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from telephony.models import Call
from tests.cast import HANNAH, Cast
from tests.cast_fixtures import cast
from tests.integration.telephony.ringing import ring

__all__ = ["cast"]

pytestmark = pytest.mark.django_db


def _row(call: Call) -> AuditLog:
    with tenancy.scope(call.organization_id):
        return AuditLog.objects.get(
            action="telephony.call.answered", subject_id=call.id
        )


class TestDecisionRow:
    def test_says_mode_rules_and_decision(self, cast: Cast):
        call = ring(cast.alder)

        facts = _row(call).facts

        assert facts.pop("decision") != ""
        assert facts == {
            "agent_version": str(call.agent_version_id),
            "mode": call.capture["mode"],
            "recording": call.capture["recording"],
            "rules": rules.version(),
            "transcription": True,
        }
        assert call.capture["policy_version"] == rules.version()

    def test_knows_the_same_decision_again_and_another_from_it(self, cast: Cast):
        one = _row(ring(cast.alder, call_id="v3:one")).facts["decision"]
        same = _row(ring(cast.alder, call_id="v3:two")).facts["decision"]
        other = _row(ring(cast.birch, call_id="v3:three")).facts["decision"]

        assert one == same
        assert other != one

    def test_holds_nothing_of_the_caller(self, cast: Cast):
        row = _row(ring(cast.alder))

        said = json.dumps([row.fields, row.facts])
        assert HANNAH not in said
        assert cast.alder.organization.name not in said
