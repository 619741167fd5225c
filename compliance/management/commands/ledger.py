"""Seal, anchor and verify the record by hand: what the clock does by itself."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from compliance.ledger.anchors import AnchorBrokenError, FileAnchors, anchor_store
from compliance.ledger.notes import NoteBrokenError, Verifier
from compliance.ledger.sealer import is_configured
from compliance.ledger.services.anchor_checkpoints import anchor_checkpoints
from compliance.ledger.services.seal_rows import seal_rows
from compliance.ledger.services.verify_here import verify_here
from compliance.ledger.signer import signer
from sondervoice.kernel.clock import utc_now


class Command(BaseCommand):
    """`ledger verify`, `ledger seal`, `ledger anchor`, `ledger key`."""

    help = "Verify the sealed record, or seal and anchor what waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do, and where the anchors are."""
        parser.add_argument("what", choices=["verify", "seal", "anchor", "key"])
        parser.add_argument(
            "--anchors", type=Path, help="a folder of anchors; LEDGER_ANCHOR_DIR if not"
        )
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help="a public key to believe instead of our own and LEDGER_OLD_KEYS",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["what"] == "key":
            self.stdout.write(signer().verifier.as_text())
            return
        if not is_configured():
            raise CommandError("Set DATABASE_SEALER_URL to the role that seals.")
        folder = options["anchors"]
        if options["what"] == "verify":
            self._verify(options["key"], folder)
        elif options["what"] == "seal":
            self.stdout.write(
                f"{seal_rows(signer=signer(), now=utc_now())} rows sealed"
            )
        else:
            store = FileAnchors(folder) if folder else anchor_store()
            anchored = anchor_checkpoints(store=store, now=utc_now())
            self.stdout.write(f"{anchored} organizations anchored")

    def _verify(self, keys: list[str], folder: Path | None) -> None:
        try:
            named = [Verifier.from_text(key) for key in keys]
        except NoteBrokenError as error:
            raise CommandError(f"--key: {error}.") from None
        try:
            verdict, lost = verify_here(now=utc_now(), folder=folder, believed=named)
        except AnchorBrokenError as error:
            raise CommandError(f"{error}.") from None
        for restore in lost.restores:
            self.stdout.write(str(restore))
        for finding in verdict.findings:
            self.stdout.write(str(finding))
        self.stdout.write(
            f"{verdict.rows} rows of {verdict.organizations} records looked at, "
            f"{verdict.anchored} of them anchored in {verdict.anchors} anchors; "
            f"{verdict.unsealed} too new to be sealed."
        )
        if not verdict.is_whole:
            raise CommandError(f"{len(verdict.findings)} things are not as sealed.")
        self.stdout.write("Nothing was changed since it was sealed.")
