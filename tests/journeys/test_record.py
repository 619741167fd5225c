"""The record and its proof, as an owner and whoever audits her see them."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from compliance.ledger.signer import signer
from compliance.tasks import seal_ledger
from tests.cast import Cast
from tests.journeys.looks import look

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]


class TestProof:
    def test_is_saved_today_compared_tomorrow_and_checked_without_us(
        self, adas_page: Page, cast: Cast, tmp_path: Path
    ):
        page = adas_page
        page.goto("/app/settings/access/")
        seal_ledger()
        page.get_by_role("link", name="Proof").click()
        with page.expect_download() as saved:
            page.get_by_role("link", name="Save the checkpoint").click()
        kept = tmp_path / "checkpoint.txt"
        saved.value.save_as(kept)
        page.goto("/app/settings/people/")
        page.goto("/app/settings/access/")
        seal_ledger()
        page.get_by_role("link", name="Proof").click()

        page.get_by_label("The file you saved").set_input_files(kept)
        page.get_by_role("button", name="Compare").click()

        expect(page.get_by_text("Nothing was changed.")).to_be_visible()
        files = {"growth.json": "Take the proof along", "check_record.py": "program"}
        for name, words in files.items():
            with page.expect_download() as download:
                page.locator("button, a").filter(has_text=words).first.click()
            download.value.save_as(tmp_path / name)
        with page.expect_download() as download:
            page.get_by_role("link", name="Take all lines along").click()
        download.value.save_as(tmp_path / "record.jsonl")
        key = signer().verifier.as_text()
        said = [
            subprocess.run(  # noqa: S603 -- as a clinic would
                [sys.executable, "-I", "check_record.py", key, *files],
                cwd=tmp_path,
                capture_output=True,
                check=True,
                encoding="utf-8",
            ).stdout
            for files in (["checkpoint.txt", "growth.json"], ["record.jsonl"])
        ]
        assert "lines of then begin the" in said[0]
        assert "lines are as they were sealed, in their order." in said[1]

    def test_has_no_violation_and_no_overflow(self, adas_page: Page, cast: Cast):
        page = adas_page
        found = {}
        page.goto("/app/settings/access/proof/")
        found["nothing sealed"] = look(page, "proof-nothing")
        seal_ledger()
        page.goto("/app/settings/access/proof/")
        found["sealed"] = look(page, "proof-sealed")
        page.get_by_text("Or paste its text").click()
        note = page.request.get("/app/settings/access/proof/checkpoint/").text()
        page.get_by_label("Text of the checkpoint").fill(note)
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_text("Nothing was changed.")).to_be_visible()
        found["unchanged"] = look(page, "proof")

        assert {name: all_of for name, all_of in found.items() if all_of} == {}
