"""Look at the record of this installation, with its anchors, keys and restores."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from compliance.ledger.anchors import FileAnchors, anchor_store
from compliance.ledger.findings import Verdict
from compliance.ledger.notes import Verifier
from compliance.ledger.restores import Lost, read_restores
from compliance.ledger.services.verify_ledger import verify_ledger
from compliance.ledger.signer import signer, verifiers


def verify_here(
    *,
    now: datetime,
    folder: Path | None = None,
    believed: Sequence[Verifier] = (),
) -> tuple[Verdict, Lost]:
    """Look at every sealed row in one go; return what was found, and what was lost.

    It takes as long as the record is large: for the clock and for a terminal, never
    within a request.

    Args:
        now: The instant of the look.
        folder: Where the anchors and the statements of restores are, instead of what
            the settings name.
        believed: The public keys to believe instead of our own and those of before.

    Raises:
        AnchorBrokenError: If a statement of a restore is not signed by these keys.
    """
    keys = believed or verifiers(signer().verifier)
    lost = read_restores(folder or Path(settings.LEDGER_ANCHOR_DIR), keys)
    store = FileAnchors(folder) if folder else anchor_store()
    verdict = verify_ledger(store=store, verifiers=keys, lost=lost, now=now)
    return verdict, lost
