"""What a certificate says, when there is one, and what it takes to forge one."""

import copy
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.permissions import Role
from compliance.certificates.services.issue_certificate import issue_certificate
from compliance.certificates.signing import canonical, hash_of
from compliance.certificates.words import (
    BACKUPS_BY_OTHERS,
    CAUSES,
    COPIES_BY_CLOCK,
    COPIES_BY_HAND,
)
from compliance.ledger import sink
from compliance.ledger.errors import LineNotSealedError
from compliance.ledger.models import AuditLog
from compliance.ledger.offline import check_record
from compliance.ledger.signer import signer
from compliance.retention import selections
from compliance.retention.models import LegalHold
from compliance.retention.rules import KeepDays
from compliance.retention.services.change_retention import change_retention
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import DATA_CLASSES
from telephony.bin.kinds import Kind
from telephony.bin.services.delete_row import delete_row
from telephony.bin.services.erase_row import erase_row
from telephony.models import Call
from tests.cast import actor_for
from tests.cast_calls import make_appointment
from tests.fakes.processor import refusal
from tests.integration.compliance.certificates.conftest import (
    certificates_of,
    seal_and_certify,
)
from tests.integration.compliance.retention.nights import (
    THREE,
    is_gone,
    is_whole,
    run_night,
    run_of,
)
from tests.integration.telephony.posts import run_all_jobs

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]
STAMP = "2026-11-26T03:00:00Z"


def _counts(certificate) -> dict[str, int]:
    return {one["class"]: one["count"] for one in certificate.body["erased"]}


def _held_back(certificate) -> dict[str, int]:
    return {one["class"]: one["count"] for one in certificate.body["held_back"]}


def _hold(cast, call) -> LegalHold:
    with tenancy.scope(call.organization_id):
        return LegalHold.objects.create(
            organization_id=call.organization_id,
            scope="call",
            call_id=call.id,
            reason_sealed=b"sealed",
            review_on=THREE.date(),
            placed_at=THREE,
            placed_by=cast.ada.id,
        )


class TestCertificate:
    def test_says_what_was_erased_and_looked_at_again(self, cast, certified):
        body = certified.body

        assert _counts(certified) == {
            "audio": 2, "transcript": 2, "fields": 2, "metadata": 2
        }  # fmt: skip
        assert body["clinic"] == {
            "id": str(cast.alder.organization.id),
            "name": "Alder Clinic",
        }
        assert body["cause"]["kind"] == "night"
        assert body["run"]["finished_at"] == STAMP
        assert body["second_look"] == {"at": STAMP, "batches": 4, "found": 0}
        assert body["keys"] == {
            "destroyed": 2,
            "gone_from_copies_by": "2026-12-03T03:00:00Z",
            "copies": COPIES_BY_CLOCK,
        }
        assert body["backups"] == {
            "gone_by": "2027-02-24T03:00:00Z",
            "how": BACKUPS_BY_OTHERS,
        }
        assert body["held_back"] == []
        assert (body["number"], certified.number) == (1, 1)

    def test_gives_no_date_for_copies_that_only_a_hand_ends(
        self, cast, make_due, three, telnyx
    ):
        make_due(0)

        run_night(cast)
        seal_and_certify(cast)

        (certificate,) = certificates_of(cast)
        assert certificate.body["keys"] == {
            "destroyed": 1,
            "gone_from_copies_by": "",
            "copies": COPIES_BY_HAND,
        }

    def test_says_of_our_backups_that_others_may_be_beside_them(
        self, cast, make_due, three, telnyx, settings, tmp_path
    ):
        settings.BACKUP_DIR = str(tmp_path / "backups")
        make_due(0)

        run_night(cast)
        seal_and_certify(cast)

        (certificate,) = certificates_of(cast)
        assert certificate.body["backups"] == {
            "gone_by": "2027-02-24T03:00:00Z",
            "how": "A clock that looks every ten minutes deletes the backups that this "
            "software makes before they are older, also when no new one can be made. "
            "Whoever runs the database may make others beside them, and may keep none "
            "of those for longer than 90 days. This software does not see them.",
        }

    def test_of_the_bin_says_so_and_counts_the_keys(
        self, cast, make_due, three, telnyx
    ):
        call = make_due(-40)
        with tenancy.scope(call.organization_id):
            visit = make_appointment(
                cast.alder, starts_at=THREE - timedelta(days=1), name="Canary"
            )
        owner = replace(actor_for(cast.ada, cast.alder, Role.OWNER), factor_at=THREE)
        for kind, row_id in ((Kind.CALL, call.id), (Kind.APPOINTMENT, visit.id)):
            with tenancy.scope(call.organization_id):
                delete_row(actor=owner, kind=kind, row_id=row_id, now=THREE)
                erase_row(actor=owner, kind=kind, row_id=row_id, now=THREE)
            run_all_jobs(cast)
            # Which keys went with a run is told by the instants of its batches.
            three.move(seconds=1)

        seal_and_certify(cast)

        found = certificates_of(cast)
        assert {one.body["cause"]["kind"] for one in found} == {"bin"}
        assert {one.body["cause"]["words"] for one in found} == {
            "Deleted by the clinic, and erased from its bin at once"
        }
        assert [one.body["keys"]["destroyed"] for one in found] == [1, 1]

    def test_has_words_for_each_kind_of_run(self):
        assert set(selections._kinds) == set(CAUSES)

    def test_has_a_receipt_of_each_processor(self, certified):
        (receipt,) = certified.body["processors"]

        assert receipt == {
            "name": "telnyx",
            "title": "Telnyx",
            "what": "Recordings.",
            "keeps_anyway": "Its own call detail records, for 90 days.",
            "asked": 2,
            "found": 1,
            "answers": {"200": 2},
            "asked_at": STAMP,
            "answered_at": STAMP,
            "looked_at": STAMP,
            "left": 0,
        }

    def test_is_in_the_record_with_its_hash(self, cast, certified):
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="compliance.certificate.issued")

        assert row.subject_id == certified.id
        assert row.facts["sha256"] == hash_of(certified.body)

    def test_is_issued_once(self, cast, certified):
        run = run_of(cast.alder.organization.id)

        issue_certificate(organization_id=run.organization_id, run_id=run.id, now=THREE)

        assert certificates_of(cast) == [certified]

    def test_counts_on(self, cast, certified, make_due, three):
        three.move(days=1)
        make_due(-1)
        run_night(cast)
        seal_and_certify(cast)

        assert [one.number for one in certificates_of(cast)] == [1, 2]

    def test_is_not_given_of_a_night_that_found_nothing(
        self, cast, make_due, three, telnyx
    ):
        make_due(-1)

        run_night(cast)
        seal_and_certify(cast)

        assert certificates_of(cast) == []

    def test_waits_until_the_record_is_sealed(self, cast, make_due, three, telnyx):
        make_due(0)
        run_night(cast)
        run = run_of(cast.alder.organization.id)

        with pytest.raises(LineNotSealedError):
            issue_certificate(
                organization_id=run.organization_id, run_id=run.id, now=THREE
            )

        assert certificates_of(cast) == []
        seal_and_certify(cast)
        assert len(certificates_of(cast)) == 1

    @pytest.mark.parametrize("category", ["status_500", "status_403"])
    def test_waits_for_a_copy_that_is_not_gone(
        self, cast, make_due, three, telnyx, category
    ):
        make_due(0)
        telnyx.problems += [refusal(category)] * 500
        run_night(cast)
        seal_and_certify(cast)
        run = run_of(cast.alder.organization.id)

        issue_certificate(organization_id=run.organization_id, run_id=run.id, now=THREE)

        assert run.finished_at == THREE
        assert certificates_of(cast) == []

    def test_counts_what_a_hold_kept(self, cast, make_due, three, telnyx):
        held, free = make_due(0), make_due(0)
        _hold(cast, held)

        run_night(cast)
        seal_and_certify(cast)

        (certificate,) = certificates_of(cast)
        assert (is_whole(held), is_gone(free)) == (True, True)
        assert _held_back(certificate) == dict.fromkeys(DATA_CLASSES, 1)
        assert certificate.body["keys"]["destroyed"] == 1

    def test_counts_no_more_than_a_hold_kept_though_days_are_shortened_meanwhile(
        self, cast, make_due, three, telnyx
    ):
        held, free, later = make_due(0), make_due(0), make_due(-60)
        _hold(cast, held)
        run_night(cast)

        three.move(hours=7)
        with tenancy.scope(held.organization_id):
            change_retention(
                actor=actor_for(cast.ada, cast.alder, Role.OWNER),
                days=KeepDays(audio=90, transcript=90, fields=90, metadata=90),
                transcript_outlives=False,
                now=three.at,
            )
        run_all_jobs(cast)
        seal_and_certify(cast)

        (certificate,) = certificates_of(cast)
        assert (is_whole(later), is_gone(free)) == (True, True)
        assert _held_back(certificate) == dict.fromkeys(DATA_CLASSES, 1)

    def test_counts_what_a_hold_kept_that_was_released_meanwhile(
        self, cast, make_due, three, telnyx
    ):
        held, free = make_due(0), make_due(0)
        hold = _hold(cast, held)
        run_night(cast)

        three.move(hours=7)
        with tenancy.scope(held.organization_id):
            LegalHold.objects.filter(pk=hold.pk).update(released_at=three.at)
        seal_and_certify(cast)

        (certificate,) = certificates_of(cast)
        assert (is_whole(held), is_gone(free)) == (True, True)
        assert _held_back(certificate) == dict.fromkeys(DATA_CLASSES, 1)

    def test_counts_what_a_hold_kept_past_its_date_and_past_the_bin(
        self, cast, make_due, three, telnyx
    ):
        by_date, by_bin, soundless = make_due(0), make_due(-90), make_due(0)
        make_due(0)
        owner = actor_for(cast.ada, cast.alder, Role.OWNER)
        with tenancy.scope(by_bin.organization_id):
            at = THREE - timedelta(days=30)
            delete_row(actor=owner, kind=Kind.CALL, row_id=by_bin.id, now=at)
            Call.objects.filter(pk=soundless.pk).update(audio_erased_at=at)
        for call in (by_date, by_bin, soundless):
            _hold(cast, call)

        run_night(cast)
        seal_and_certify(cast)

        (certificate,) = certificates_of(cast)
        assert _held_back(certificate) == {
            "audio": 2, "transcript": 3, "fields": 3, "metadata": 3
        }  # fmt: skip

    def test_of_one_kind_alone_counts_no_key(self, cast, make_due, three, telnyx):
        later = THREE + timedelta(days=90)
        kinds = ("transcript", "fields", "metadata")
        make_due(0, **{f"{one}_erase_after": later for one in kinds})

        run_night(cast)
        seal_and_certify(cast)

        (certificate,) = certificates_of(cast)
        assert _counts(certificate) == {
            "audio": 1, "transcript": 0, "fields": 0, "metadata": 0
        }  # fmt: skip
        assert certificate.body["keys"]["destroyed"] == 0

    def test_names_nobody(self, cast, certified):
        text = canonical(certified.body)

        for personal in ("Canary", "Wharfinger", "canary", "+1312", "v3:"):
            assert personal not in text

    @pytest.mark.parametrize(
        ("zone", "night"),
        [
            ("America/Los_Angeles", datetime(2026, 3, 8, 3, tzinfo=UTC)),
            ("America/Los_Angeles", datetime(2026, 11, 1, 3, tzinfo=UTC)),
            ("Europe/Berlin", datetime(2026, 3, 29, 3, tzinfo=UTC)),
            ("Europe/Berlin", datetime(2026, 10, 25, 3, tzinfo=UTC)),
            ("Asia/Kolkata", datetime(2026, 11, 26, 3, tzinfo=UTC)),
        ],
    )
    def test_says_exactly_what_went_in_every_time_zone(
        self, cast, make_due, three, telnyx, monkeypatch, zone, night
    ):
        # The record has a partition for each month from this one on.
        monkeypatch.setattr(sink, "utc_now", lambda: datetime.now(UTC))
        clinic = cast.alder.organization
        with tenancy.scope(clinic.id):
            type(clinic).objects.filter(pk=clinic.id).update(timezone=zone)
        three.at = night
        before, on, after = (make_due(days, at=night) for days in (1, 0, -1))

        run_night(cast)
        seal_and_certify(cast)

        (certificate,) = certificates_of(cast)
        assert [is_gone(before), is_gone(on), is_whole(after)] == [True, True, True]
        assert set(_counts(certificate).values()) == {2}
        assert certificate.body["keys"]["destroyed"] == 2
        assert certificate.body["processors"][0]["asked"] == 2
        assert certificate.body["run"]["due_at"] == night.strftime("%Y-%m-%dT03:00:00Z")


@pytest.fixture
def check(certified, tmp_path: Path):
    """Runs the program on a certificate that was changed."""

    def check(change=lambda file: None, key: str = "") -> tuple[int, str]:
        file = {"certificate": copy.deepcopy(certified.body), "note": certified.note}
        change(file)
        path = tmp_path / "certificate-1.json"
        path.write_text(json.dumps(file), "utf-8")
        done = subprocess.run(  # noqa: S603 -- our own program
            [
                sys.executable, "-I", check_record.__file__,
                key or signer().verifier.as_text(), path,
            ],
            capture_output=True, check=False, encoding="utf-8",
        )  # fmt: skip
        return done.returncode, done.stdout.strip()

    return check


def _resign(file) -> None:
    """Sign it again, as only we could."""
    from compliance.certificates.signing import sign  # noqa: PLC0415

    file["note"] = sign(file["certificate"], signer())


class TestProgram:
    def test_finds_nothing_wrong(self, check):
        assert check() == (
            0,
            "Certificate 1 of Alder Clinic is as it was signed.\n"
            "Erased: Recordings 2, Transcripts 2, Names, messages, bookings 2, "
            "Callers' numbers 2.\n"
            "5 lines of the record are as they were sealed.",
        )

    def test_finds_nothing_wrong_by_the_key_beside_it_once_ours_was_replaced(
        self, check, certified, cast, signed_in, replace_key
    ):
        page = f"/app/settings/retention/certificates/{certified.id}/"
        replace_key()

        key = signed_in(cast.ada).get(page).context["key"]

        assert check(key=key)[0] == 0
        assert check(key=f"{signer().verifier.as_text()},{key}")[0] == 0
        assert check()[1] == "WRONG: the certificate is not signed by this key."

    def test_finds_a_changed_count(self, check):
        def change(file):
            file["certificate"]["erased"][0]["count"] = 3

        assert check(change) == (
            1,
            "WRONG: the certificate says something else than was signed.",
        )

    def test_finds_another_key(self, check):
        from compliance.ledger.notes import Verifier  # noqa: PLC0415

        name = signer().verifier.name

        assert check(key=Verifier(name, bytes(32)).as_text()) == (
            1,
            "WRONG: the certificate is not signed by this key.",
        )

    def test_finds_a_changed_note(self, check):
        def change(file):
            file["note"] = file["note"].replace("certificate 1", "certificate 2")

        assert check(change)[1] == "WRONG: the certificate is not signed by this key."

    @pytest.mark.parametrize(
        ("path", "value", "said"),
        [
            (
                ("erased", 0, "count"), 3,
                "the record does not say that so much was erased",
            ),
            (
                ("run", "id"), "01a2186e-a509-7432-aecb-4b1e2e8da3bc",
                "a line of the record is about something else",
            ),
            (("second_look", "found"), 1, "the times do not follow one another"),
            (
                ("issued_at",), "2026-11-26T02:59:59Z",
                "a copy at Telnyx is not said to be gone",
            ),
            (("processors", 0, "left"), 1, "a copy at Telnyx is not said to be gone"),
            (
                ("clinic", "id"), "01a2186e-a509-7432-aecb-4b1e2e8da3bc",
                "a line is of another clinic's record",
            ),
            (
                ("record", "lines"), [],
                "the record does not say that so much was erased",
            ),
        ],
    )  # fmt: skip
    def test_finds_what_does_not_agree_though_it_is_signed(
        self, check, path, value, said
    ):
        def change(file):
            place = file["certificate"]
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
            _resign(file)

        assert check(change) == (1, f"WRONG: {said}.")

    def test_finds_a_line_that_was_never_sealed(self, check):
        def change(file):
            line = file["certificate"]["record"]["lines"][0]
            line["line"] = line["line"].replace('"audio": 2', '"audio": 1')
            _resign(file)

        assert check(change)[1] == "WRONG: the line is not the one that was sealed."
