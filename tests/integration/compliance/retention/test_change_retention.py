from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.entitlements import Plan
from accounts.errors import PermissionMissingError
from accounts.models import Organization
from accounts.operators.models import OperatorAct
from accounts.operators.services.set_plan import set_plan
from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from compliance.retention.errors import RetentionRefusedError
from compliance.retention.models import RetentionPolicy
from compliance.retention.rules import KeepDays, erase_after
from compliance.retention.selectors.keep_days import get_keep_days
from compliance.retention.services.change_retention import change_retention
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import DATA_CLASSES
from telephony.models import Call
from telephony.scheduling.models import Appointment
from telephony.services.end_call import end_call
from tests.cast import NOW, actor_for
from tests.cast_calls import make_appointment, make_call
from tests.integration.compliance.retention.nights import read
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast) -> Actor:
    return actor_for(cast.ada, cast.alder, Role.OWNER)


def _all(days: int) -> KeepDays:
    return KeepDays(**dict.fromkeys(DATA_CLASSES, days))


def _change(cast, actor, days, *, outlives=False):
    with tenancy.scope(cast.alder.organization.id):
        change_retention(actor=actor, days=days, transcript_outlives=outlives, now=NOW)
    run_all_jobs(cast)


def _put_on(cast, plan):
    with tenancy.scope(cast.alder.organization.id):
        Organization.objects.update(plan=plan)


def _dates(call):
    again = read(call)
    return [getattr(again, f"{kind}_erase_after") for kind in DATA_CLASSES]


def _rows(cast):
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action="compliance.retention.changed")
        return [(row.actor_id, row.fields, row.facts) for row in rows]


@pytest.fixture
def call(cast):
    with tenancy.scope(cast.alder.organization.id):
        return make_call(cast.alder, at=NOW)


def _as_hashed(audio: int, metadata: int) -> dict[str, int | bool]:
    return {
        "audio": audio, "transcript": 180, "fields": 180, "metadata": metadata,
        "transcript_outlives": False,
    }  # fmt: skip


class TestChangeRetention:
    def test_shortens_what_exists(self, cast, ada, call):
        with tenancy.scope(cast.alder.organization.id):
            visit = make_appointment(
                cast.alder, starts_at=NOW + timedelta(days=3), name="H", call=call
            )

        _change(cast, ada, KeepDays(audio=90, transcript=90, fields=30))

        due = {days: erase_after(ended_at=NOW, keep_days=days) for days in (30, 90)}
        default = erase_after(ended_at=NOW, keep_days=180)
        assert _dates(call) == [due[90], due[90], due[30], default]
        with tenancy.scope(cast.alder.organization.id):
            again = Appointment.objects.get(pk=visit.pk)
        assert again.erase_after == due[30] + timedelta(days=3)

    def test_lengthens_nothing_that_exists(self, cast, ada, call):
        before = _dates(call)

        _change(cast, ada, _all(365))

        assert _dates(call) == before

    def test_does_not_bring_back_what_was_shortened(self, cast, ada, call):
        _change(cast, ada, _all(30))
        before = _dates(call)

        _change(cast, ada, _all(365))

        assert _dates(call) == before

    def test_counts_for_a_call_that_is_going_on(self, cast, ada):
        live = _live_call(cast)
        _change(cast, ada, _all(30))

        _end(cast, live)

        assert _dates(live) == [erase_after(ended_at=NOW, keep_days=30)] * 4

    def test_lets_a_call_keep_the_days_it_was_answered_with(self, cast, ada):
        live = _live_call(cast)
        _change(cast, ada, _all(365))

        _end(cast, live)

        assert _dates(live) == [erase_after(ended_at=NOW, keep_days=180)] * 4

    def test_writes_the_days_before_and_after_down(self, cast, ada):
        _change(cast, ada, KeepDays(audio=365, metadata=365))
        _change(cast, ada, KeepDays(audio=365, metadata=365))

        ((who, fields, facts),) = _rows(cast)
        hashes = hashes_of(
            cast.alder.organization.id,
            before=_as_hashed(180, 180),
            after=_as_hashed(365, 365),
        )
        assert [(who, fields, facts)] == [
            (
                cast.ada.id,
                ["audio_days", "metadata_days"],
                {
                    "before": hashes["before"].hex,
                    "after": hashes["after"].hex,
                    "audio_before": 180,
                    "audio_after": 365,
                    "metadata_before": 180,
                    "metadata_after": 365,
                    "transcript_outlives": False,
                },
            )
        ]

    @pytest.mark.parametrize(
        ("plan", "days"),
        [
            ("starter", _all(31)),
            ("starter", _all(7)),
            ("enterprise", _all(6)),
            ("enterprise", _all(2556)),
            ("enterprise", KeepDays(audio=30, transcript=31)),
            ("enterprise", KeepDays(audio=365, metadata=30)),
        ],
    )
    def test_refuses_days_that_cannot_be_chosen(self, cast, ada, call, plan, days):
        _put_on(cast, plan)
        before = _dates(call)

        with pytest.raises(RetentionRefusedError):
            _change(cast, ada, days)

        assert (_dates(call), _rows(cast)) == (before, [])
        assert _policies(cast) == 0

    @pytest.mark.parametrize("days", [7, 31, 2555])
    def test_lets_a_larger_plan_have_any_number(self, cast, ada, days):
        _put_on(cast, "pro")

        _change(cast, ada, _all(days))

        with tenancy.scope(cast.alder.organization.id):
            assert get_keep_days() == _all(days)

    @pytest.mark.parametrize(
        "role", [Role.RECEPTIONIST, Role.AUDITOR, Role.AGENCY_ADMINISTRATOR]
    )
    def test_is_not_for_everybody(self, cast, call, role):
        before = _dates(call)

        with pytest.raises(PermissionMissingError):
            _change(cast, actor_for(cast.cy, cast.alder, role), _all(30))

        assert (_dates(call), _rows(cast), _policies(cast)) == (before, [], 0)


class TestSmallerPlan:
    def test_brings_later_calls_down_to_presets_and_leaves_the_dates_of_others(
        self, cast, ada
    ):
        _put_on(cast, "pro")
        wide = KeepDays(audio=2555, transcript=400, fields=89, metadata=2555)
        _change(cast, ada, wide)
        with tenancy.scope(cast.alder.organization.id):
            call = make_call(cast.alder, at=NOW)
        before = _dates(call)

        _let_operators_put_on(cast, Plan.STARTER)

        fit = KeepDays(audio=365, transcript=365, fields=30, metadata=365)
        with tenancy.scope(cast.alder.organization.id):
            assert get_keep_days() == fit
        assert _dates(call) == before
        who, fields, facts = _rows(cast)[-1]
        assert (who, fields) == (None, [f"{kind}_days" for kind in DATA_CLASSES])
        assert (facts["audio_before"], facts["audio_after"]) == (2555, 365)
        assert {"before", "after"} <= set(facts)

    @pytest.mark.parametrize(
        ("plan", "days"), [(Plan.PRO, 400), (Plan.STARTER, 365), (Plan.STARTER, 14)]
    )
    def test_leaves_days_that_it_has_and_fewer_than_it_has(self, cast, ada, plan, days):
        _put_on(cast, "enterprise")
        _change(cast, ada, _all(days))

        _let_operators_put_on(cast, plan)

        with tenancy.scope(cast.alder.organization.id):
            assert get_keep_days() == _all(days)
        assert len(_rows(cast)) == 1


def _let_operators_put_on(cast, plan: Plan) -> None:
    set_plan(
        operator_id=cast.eve.id,
        organization_id=cast.alder.organization.id,
        plan=plan,
        act=OperatorAct(asked_by_id=cast.ben.id),
    )
    run_all_jobs(cast)


def _policies(cast) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return RetentionPolicy.objects.count()


def _live_call(cast):
    with tenancy.scope(cast.alder.organization.id):
        return make_call(
            cast.alder, at=NOW, status=Call.Status.LIVE, ended_at=None, end_reason=""
        )


def _end(cast, call):
    with tenancy.scope(cast.alder.organization.id):
        reason = Call.EndReason.CALLER_HUNG_UP
        end_call(call_id=call.id, reason=reason, now=NOW + timedelta(minutes=2))
