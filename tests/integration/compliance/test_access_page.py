import csv
import io
from datetime import timedelta

import pytest

from accounts.models import Membership, User
from accounts.way_in import signing_in
from compliance.ledger import record_file
from compliance.ledger.models import AuditLog
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.clock import utc_now
from telephony.models import Reveal
from tests.cast import Cast
from tests.cast_day import Day
from tests.cast_fixtures import SignIn


def _record(
    cast: Cast,
    action: str,
    by: User,
    of: User | Membership | None = None,
    **facts: audit.Fact,
) -> None:
    organization_id = cast.alder.organization.id
    with tenancy.scope(organization_id):
        audit.record(
            audit.Entry(
                action=action,
                organization_id=organization_id,
                actor_kind="user",
                actor_id=by.id,
                subject_kind=of._meta.model_name or "" if of else "call",
                subject_id=of.pk if of else None,
                fields=("caller_name",),
                # Changes of configuration have these.
                facts=facts
                | dict.fromkeys(("before", "after"), audit.Digest("0" * 16)),
            )
        )


def _lines(answer) -> list[tuple[str, str]]:
    return [(line.who, line.did) for line in answer.context["lines"]]


class TestAccess:
    def test_says_who_did_what_newest_first(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        signed_in(cast.ben).get("/app/messages/")
        signed_in(cast.ben).post(
            f"/app/calls/{day.message.id}/reveal/", {"reason": "call_back"}
        )

        answer = signed_in(cast.cy).get("/app/settings/access/?kind=looks")

        assert _lines(answer) == [
            ("Ben Osei", "Saw who called, to call back"),
            ("Ben Osei", "Looked at the messages"),
        ]

    def test_notes_that_it_was_looked_at(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.cy)
        client.get("/app/settings/access/")

        answer = client.get("/app/settings/access/?kind=looks")

        assert _lines(answer) == [("Cy Moreno", "Looked at this record")]

    def test_names_the_person_it_was_done_to(self, cast: Cast, signed_in: SignIn):
        with tenancy.scope(cast.alder.organization.id):
            member = Membership.objects.get(user=cast.cy)
        _record(cast, "accounts.membership.role_changed", cast.ada, of=member)
        _record(cast, "accounts.factor.reset", cast.ada, of=cast.ben)
        _record(cast, "accounts.factor.reset", cast.ada, of=cast.dot)
        _record(cast, "accounts.password.changed", cast.ben, of=cast.ben)

        answer = signed_in(cast.ada).get("/app/settings/access/")

        lines = answer.context["lines"]
        assert [(one.did, one.whom) for one in lines if one.did != "Signed in"] == [
            ("Changed the password", ""),
            ("Reset the second factor", ""),
            ("Reset the second factor", "Ben Osei"),
            ("Gave another role", "Cy Moreno"),
        ]

    def test_leads_from_each_line_to_its_proof(self, cast: Cast, signed_in: SignIn):
        _record(cast, "telephony.today.viewed", cast.ben)

        answer = signed_in(cast.cy).get("/app/settings/access/?kind=looks")

        (line,) = answer.context["lines"]
        assert f"/app/settings/access/proof/{line.id}/" in answer.content.decode()

    def test_is_narrowed_to_one_person(self, cast: Cast, signed_in: SignIn):
        _record(cast, "telephony.today.viewed", cast.ada)
        _record(cast, "telephony.today.viewed", cast.ben)

        answer = signed_in(cast.cy).get(f"/app/settings/access/?person={cast.ben.id}")

        assert _lines(answer) == [("Ben Osei", "Looked at Today")]

    def test_goes_on_with_older_rows(self, cast: Cast, signed_in: SignIn):
        for _ in range(51):
            _record(cast, "telephony.today.viewed", cast.ben)
        client, address = signed_in(cast.cy), "/app/settings/access/?kind=looks"

        first = client.get(address)
        second = client.get(
            f"{address}&person={cast.ben.id}&before={first.context['older']}"
        )

        assert len(first.context["lines"]) == 50
        assert _lines(second) == [("Ben Osei", "Looked at Today")]
        assert second.context["older"] is None

    def test_shows_nothing_of_another_clinic(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        _record(cast, "telephony.today.viewed", cast.ben)

        answer = signed_in(cast.dot).get("/app/settings/access/")

        assert _lines(answer) == [("Dot Hartmann", "Signed in")]
        assert "Ben" not in answer.content.decode()

    @pytest.mark.parametrize("path", ["", "file/"])
    def test_is_not_a_receptionists(self, cast: Cast, signed_in: SignIn, path: str):
        answer = signed_in(cast.ben).get(f"/app/settings/access/{path}")

        assert answer.status_code == 403
        assert AuditLog.unscoped.filter(action__startswith="compliance.").count() == 0

    def test_passes_over_what_it_does_not_know(self, cast: Cast, signed_in: SignIn):
        answer = signed_in(cast.cy).get(
            "/app/settings/access/?kind=x&days=99999999999999&person=y&before=z"
        )

        assert answer.status_code == 200
        assert answer.context["query"].days == 7

    def test_goes_back_as_far_as_the_record_is_kept(
        self, cast: Cast, signed_in: SignIn
    ):
        answer = signed_in(cast.cy).get("/app/settings/access/?days=2557")

        assert answer.context["query"].days == 2557
        assert "it began" in answer.content.decode()


class TestFile:
    def test_has_the_same_rows_and_no_formula(self, cast: Cast, signed_in: SignIn):
        with signing_in():
            User.objects.filter(pk=cast.ben.pk).update(full_name="=1+1")
        reason = Reveal.Reason.IDENTITY
        _record(cast, "telephony.caller.revealed", cast.ben, reason=reason)

        answer = signed_in(cast.cy).get("/app/settings/access/file/?kind=looks")

        rows = list(csv.reader(io.StringIO(answer.getvalue().decode())))
        assert rows[0] == [
            "at", "who", "action", "subject", "subject_id", "fields", "did"
        ]  # fmt: skip
        assert rows[1][1:] == [
            "'=1+1", "telephony.caller.revealed", "call", "", "caller name",
            "Saw who called, to make sure who it was",
        ]  # fmt: skip
        assert len(rows) == 2

    def test_has_all_rows_however_many(
        self, cast: Cast, signed_in: SignIn, monkeypatch
    ):
        monkeypatch.setattr(record_file, "ROWS_A_PIECE", 2)
        for _ in range(5):
            _record(cast, "telephony.today.viewed", cast.ben)

        answer = signed_in(cast.cy).get("/app/settings/access/file/?kind=looks")

        rows = list(csv.reader(io.StringIO(answer.getvalue().decode())))
        assert [row[2] for row in rows[1:]] == ["telephony.today.viewed"] * 5
        assert [row[0] for row in rows[1:]] == sorted(
            (row[0] for row in rows[1:]), reverse=True
        )
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="compliance.access.exported")
        assert row.facts == {"count": 5}

    def test_is_written_down_with_how_many_rows(self, cast: Cast, signed_in: SignIn):
        _record(cast, "telephony.today.viewed", cast.ben)

        signed_in(cast.cy).get("/app/settings/access/file/?kind=looks")

        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="compliance.access.exported")
        assert row.facts == {"count": 1}
        assert utc_now() - row.at < timedelta(minutes=1)
