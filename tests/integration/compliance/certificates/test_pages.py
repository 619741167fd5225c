"""The pages of certificates, their files, and who may have them."""

import json
import re
import sys
import zlib
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest

from compliance.certificates import pdf
from compliance.retention.models import RetentionRun
from compliance.rights.errors import PackageGoneError
from compliance.rights.models import RightsRequest, RightsStep
from compliance.rights.saga import Checkpoint
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.rights import RightsKind, open_package, read_answer
from tests.fakes.processor import refusal
from tests.integration.compliance.certificates.conftest import seal_and_certify
from tests.integration.compliance.retention.nights import THREE, run_night

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]
LIST = "/app/settings/retention/certificates/"


def _streams(raw: bytes) -> list[bytes]:
    """Return the streams of a PDF, opened."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", raw, re.DOTALL):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            found.append(packed)
    return found


class TestList:
    def test_says_when_there_is_none(self, cast, signed_in):
        answer = signed_in(cast.ada).get(LIST)

        assert "Nothing has been erased yet." in answer.content.decode()

    def test_shows_each_with_its_counts(self, cast, signed_in, certified):
        answer = signed_in(cast.ada).get(LIST)

        text = answer.content.decode()
        assert f"{LIST}{certified.id}/" in text
        assert "No. 1" in text
        assert text.count("</span>2") == 4

    def test_says_what_is_not_certified_and_why(
        self, cast, signed_in, make_due, three, telnyx
    ):
        make_due(0)
        telnyx.problems.append(refusal("status_403"))
        run_night(cast)
        seal_and_certify(cast)

        text = signed_in(cast.ada).get(LIST).content.decode()

        assert "1 copy elsewhere may still exist" in text
        assert "has been told" in text
        assert "Nothing has been erased yet." not in text
        # The dashboard has words of its own in every page.
        assert "Waiting(" not in text

    def test_is_for_who_may_see_retention(self, cast, signed_in, certified):
        client = signed_in(cast.ben)

        for address in (
            LIST,
            f"{LIST}{certified.id}/",
            f"{LIST}{certified.id}/certificate.json",
            f"{LIST}{certified.id}/certificate.pdf",
            f"{LIST}checker/",
        ):
            assert client.get(address).status_code == 403

    def test_hides_another_clinics(self, cast, signed_in, certified):
        client = signed_in(cast.dot)

        for name in ("", "certificate.json", "certificate.pdf"):
            assert client.get(f"{LIST}{certified.id}/{name}").status_code == 404


class TestCertificate:
    def test_says_it_in_plain_words(self, cast, signed_in, certified):
        text = signed_in(cast.ada).get(f"{LIST}{certified.id}/").content.decode()

        for words in (
            "Certificate No. 1",
            "Asked about 2 calls; 1 copy was found and deleted.",
            "Its own call detail records, for 90 days.",
            # In the clinic's own time.
            "gone by 2 December 2026",
            "Gone by 23 February 2027",
            "software key: a file on our server, no hardware",
            "What it cannot prove",
        ):
            assert words in re.sub(r"\s+", " ", text)

    def test_is_sent_as_it_was_signed(self, cast, signed_in, certified):
        answer = signed_in(cast.ada).get(f"{LIST}{certified.id}/certificate.json")

        assert json.loads(answer.content) == {
            "certificate": certified.body,
            "note": certified.note,
        }
        assert answer["Content-Disposition"] == (
            'attachment; filename="certificate-1.json"'
        )

    def test_comes_with_its_program(self, cast, signed_in):
        answer = signed_in(cast.ada).get(f"{LIST}checker/")

        assert b"certificate of what was erased" in answer.content
        assert 'filename="check_record.py"' in answer["Content-Disposition"]


class TestPdf:
    def test_is_in_utc(self, cast, signed_in, certified, monkeypatch):
        written = []
        real = pdf.render_to_string
        monkeypatch.setattr(
            pdf,
            "render_to_string",
            lambda *args: written.append(real(*args)) or written[0],
        )

        signed_in(cast.ada).get(f"{LIST}{certified.id}/certificate.pdf")

        assert "finished 26 November 2026, 03:00:00 UTC" in written[0]
        assert "gone by 3 December 2026" in written[0]
        assert "software key: a file on our server, no hardware" in written[0]

    def test_has_what_was_signed_inside(self, cast, signed_in, certified):
        answer = signed_in(cast.ada).get(f"{LIST}{certified.id}/certificate.pdf")

        raw = answer.content
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert raw.startswith(b"%PDF-1.7")
        assert len(re.findall(rb"/Type /Page\b", b"".join([raw, *_streams(raw)]))) >= 1
        inside = [one for one in _streams(raw) if one.startswith(b'{\n "certificate"')]
        assert [json.loads(one)["note"] for one in inside] == [certified.note]

    def test_says_what_a_machine_without_pango_lacks(
        self, cast, certified, signed_in, monkeypatch
    ):
        class WithoutPango:
            """What importing WeasyPrint does where the library cannot be opened."""

            def find_spec(self, name: str, *_: object) -> None:
                if name.partition(".")[0] == "weasyprint":
                    raise OSError("cannot load library 'libpango-1.0-0'")

        for name in [one for one in sys.modules if one.startswith("weasyprint")]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setattr(sys, "meta_path", [WithoutPango(), *sys.meta_path])

        answer = signed_in(cast.ada).get(f"{LIST}{certified.id}/certificate.pdf")

        words = answer.content.decode()
        assert answer.status_code == 503
        assert "the library Pango is not installed" in words
        assert "JSON file" in words
        assert "print the certificate" in words
        assert "Try again" not in words

    def test_waits_for_nobody_for_long(self, cast, signed_in, certified, monkeypatch):
        monkeypatch.setattr(pdf, "_WAIT_S", 0.01)
        client = signed_in(cast.ada)

        with pdf._alone():
            answer = client.get(f"{LIST}{certified.id}/certificate.pdf")

        assert answer.status_code == 503

    @pytest.mark.parametrize(
        "address",
        ["http://127.0.0.1:9/x", "file:///etc/passwd", "data:text/plain,x", "font:no"],
    )
    def test_fetches_nothing(self, address):
        with pytest.raises(ValueError, match="nothing is fetched"):
            pdf._nothing_but_fonts().fetch(address)


class TestForThePerson:
    @pytest.fixture
    def request_id(self, cast, certified) -> UUID:
        """The request that the certified erasure was made for, now done."""
        with tenancy.scope(cast.alder.organization.id):
            made = RightsRequest.objects.create(
                organization=cast.alder.organization,
                kind=RightsKind.ERASE,
                source=RightsRequest.Source.DOOR,
                asking_id=uuid7(),
                phone_index=b"",
                phone_sealed=b"",
                asked_at=THREE,
                due_on=THREE.date(),
                checkpoint=Checkpoint.ANSWERED,
                moved_at=THREE,
                concluded_at=THREE,
                forgotten_at=THREE,
            )
            step = RightsStep.objects.create(
                organization=cast.alder.organization,
                request=made,
                number=1,
                checkpoint=Checkpoint.ERASING,
                at=THREE,
            )
            RetentionRun.objects.filter(pk=certified.run_id).update(
                kind="request", cause_id=step.id
            )
        return made.id

    def test_is_a_page_what_was_signed_and_the_program(
        self, cast, certified, request_id
    ):
        where = {
            "organization_id": cast.alder.organization.id,
            "request_id": request_id,
        }
        with tenancy.scope(cast.alder.organization.id):
            answer = read_answer(**where)

        archive = ZipFile(BytesIO(b"".join(open_package(**where))))

        assert answer.package_ready
        name = f"certificate-{certified.number}"
        assert archive.namelist() == [f"{name}.html", f"{name}.json", "check_record.py"]
        signed = json.loads(archive.read(f"{name}.json"))
        assert signed == {"certificate": certified.body, "note": certified.note}
        assert "Deletion certificate" in archive.read(f"{name}.html").decode()

    def test_is_not_there_before_the_erasure_is_done(self, cast, certified, request_id):
        with tenancy.scope(cast.alder.organization.id):
            RightsRequest.objects.filter(pk=request_id).update(
                concluded_at=None, checkpoint=Checkpoint.PROVED
            )

        with pytest.raises(PackageGoneError):
            open_package(
                organization_id=cast.alder.organization.id, request_id=request_id
            )
