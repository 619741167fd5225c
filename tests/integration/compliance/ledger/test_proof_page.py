import json

import pytest
from django.test import Client

from compliance.ledger.models import AuditLog
from compliance.ledger.offline import check_record
from compliance.ledger.signer import signer
from compliance.tasks import seal_ledger
from sondervoice.kernel import tenancy
from tests.cast import Cast
from tests.cast_fixtures import SignIn
from tests.integration.compliance.ledger.record import (
    owner_connection,
    write_row,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]

PAGE = "/app/settings/access/proof/"


@pytest.fixture
def cy(cast: Cast, signed_in: SignIn) -> Client:
    """Return the auditor's browser; 301 lines of the clinic are sealed, or more."""
    client = signed_in(cast.cy)
    with owner_connection() as owner:
        owner.execute(
            "INSERT INTO audit_logs SELECT gen_random_uuid(), %s, now(), 'system', "
            "NULL, 'tests.thing.counted', 'thing', NULL, '[]', '{}' "
            "FROM generate_series(1, 300)",
            [cast.alder.organization.id],
        )
    write_row(cast.birch.organization.id)
    seal_ledger()
    return client


def _key() -> str:
    return signer().verifier.as_text()


def _line(cast: Cast) -> AuditLog:
    with tenancy.scope(cast.alder.organization.id):
        return AuditLog.objects.filter(action="tests.thing.counted")[150]


class TestPage:
    def test_says_how_far_the_record_is_sealed(self, cast: Cast, cy: Client):
        answer = cy.get(PAGE)

        sealed = answer.context["sealed"]
        assert sealed.head.size >= 300
        assert sealed.anchored == 0
        assert f"{sealed.head.size} lines" in answer.content.decode()
        assert _key() in answer.content.decode()
        assert "software key: a file on our server" in answer.content.decode()

    def test_says_so_when_nothing_is_sealed(self, cast: Cast, signed_in: SignIn):
        answer = signed_in(cast.cy).get(PAGE)

        assert "Nothing is sealed yet." in answer.content.decode()

    @pytest.mark.parametrize("as_file", [True, False])
    def test_finds_an_older_checkpoint_unchanged(
        self, cast: Cast, cy: Client, tmp_path, as_file: bool
    ):
        old = cy.get(f"{PAGE}checkpoint/").content.decode()
        write_row(cast.alder.organization.id)
        seal_ledger()
        sent = {"checkpoint": old.replace("\n", "\r\n")}
        path = tmp_path / "old.txt"
        path.write_bytes(old.encode())

        if as_file:
            with path.open("rb") as file:
                answer = cy.post(PAGE, {"file": file})
        else:
            answer = cy.post(PAGE, sent)

        assert answer.status_code == 200
        assert "Nothing was changed." in answer.content.decode()
        proof = cy.post(f"{PAGE}growth/", {"checkpoint": answer.context["kept"]})
        said = check_record.check_growth(old, proof.json(), _key())
        assert said.endswith("of now, unchanged.")

    def test_finds_it_unchanged_after_our_key_was_replaced(
        self, cast: Cast, cy: Client, replace_key
    ):
        old = cy.get(f"{PAGE}checkpoint/").content.decode()
        before = replace_key()
        # Until a line is sealed by the new key, the old one signs for the newest.
        assert cy.get(PAGE).context["key"] == before
        write_row(cast.alder.organization.id)
        seal_ledger()

        answer = cy.post(PAGE, {"checkpoint": old})

        assert "Nothing was changed." in answer.content.decode()
        assert answer.context["key"] == f"{_key()},{before}"
        proof = cy.post(f"{PAGE}growth/", {"checkpoint": old}).json()
        said = check_record.check_growth(old, proof, answer.context["key"])
        assert said.endswith("of now, unchanged.")

    @pytest.mark.parametrize("text", ["", "nonsense", "x" * 20_000, "\u2014 a b\n\n"])
    def test_refuses_what_is_no_checkpoint(self, cast: Cast, cy: Client, text: str):
        answer = cy.post(PAGE, {"checkpoint": text})

        assert answer.status_code == 422
        assert "This is no checkpoint of your clinic" in answer.content.decode()
        assert cy.post(f"{PAGE}growth/", {"checkpoint": text}).status_code == 422

    def test_refuses_the_checkpoint_of_another_clinic(
        self, cast: Cast, cy: Client, signed_in: SignIn
    ):
        theirs = signed_in(cast.dot).get(f"{PAGE}checkpoint/").content.decode()
        assert str(cast.birch.organization.id) in theirs

        assert cy.post(PAGE, {"checkpoint": theirs}).status_code == 422


class TestFiles:
    def test_of_a_line_prove_it(self, cast: Cast, cy: Client):
        row = _line(cast)

        answer = cy.get(f"{PAGE}{row.id}/")

        said = check_record.check_line(answer.json(), _key())
        assert json.loads(answer.json()["line"])["id"] == str(row.id)
        assert said.startswith(f"This line is number {answer.json()['position'] + 1} ")
        assert "attachment" in answer["Content-Disposition"]

    def test_of_the_whole_record_prove_it_and_are_written_down(
        self, cast: Cast, cy: Client
    ):
        answer = cy.get(f"{PAGE}record/")
        *lines, last = b"".join(answer.streaming_content).decode().splitlines()

        note = json.loads(last)["checkpoint"]
        said = check_record.check_record(lines, note, _key())
        assert (
            said == f"All {len(lines)} lines are as they were sealed, in their order."
        )
        assert {json.loads(line)["organization_id"] for line in lines} == {
            str(cast.alder.organization.id)
        }
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="compliance.access.exported")
        assert (row.actor_id, row.facts) == (cast.cy.id, {"count": len(lines)})

    def test_of_another_clinics_line_are_refused_as_of_none(
        self, cast: Cast, cy: Client, signed_in: SignIn
    ):
        line = _line(cast)

        assert signed_in(cast.dot).get(f"{PAGE}{line.id}/").status_code == 409

    def test_wait_until_something_is_sealed(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.cy)
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.first()

        for address in ("checkpoint/", "record/", f"{row.id}/"):
            answer = client.get(f"{PAGE}{address}")
            assert answer.status_code == 409
            assert "Try again in some seconds." in answer.content.decode()

    def test_have_the_program_that_checks_them(self, cast: Cast, cy: Client):
        answer = cy.get(f"{PAGE}checker/")

        assert answer.content.decode().startswith("#!/usr/bin/env python3\n")
        assert answer["Content-Disposition"] == (
            'attachment; filename="check_record.py"'
        )
