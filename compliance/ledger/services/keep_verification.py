"""Keep what a look at the whole record found, and tell it. Next: `alerts.watch_record`.

How many things of which kind, in all and for each organization; which rows they are
says `ledger verify`.
"""

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from accounts.way_in import organization_ids
from compliance.ledger.findings import Finding, Verdict, words_of
from compliance.ledger.row_body import PRODUCT
from compliance.ledger.sealer import as_sealer
from compliance.ledger.verified import count_changed
from sondervoice.kernel import audit, tenancy

logger = logging.getLogger(__name__)

# The database lets nothing younger go.
KEPT_FOR: Final = timedelta(days=400)

Kinds = Mapping[str, int]

_ADD: Final = """
INSERT INTO ledger_verifications
       (due_at, began_at, ended_at, rows, anchors, findings, kinds)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""
_ADD_ONE: Final = """
INSERT INTO ledger_verified (organization_id, due_at, began_at, rows, kinds)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""
_BEFORE: Final = """
SELECT organization_id, kinds::text FROM ledger_verified
 WHERE due_at = (SELECT max(due_at) FROM ledger_verifications WHERE due_at < %s)"""
_CLEAR: Final = (
    "DELETE FROM ledger_verified WHERE due_at < %s",
    "DELETE FROM ledger_verifications WHERE due_at < %s",
)


def keep_verification(
    verdict: Verdict, *, due_at: datetime, began_at: datetime, ended_at: datetime
) -> None:
    """Keep what was found, raise the alarm, and tell the organizations it concerns.

    Call it outside any scope, in the transaction that finishes the day's slot: done
    again it keeps the first. An organization's record gets a row only when another
    number of things is not as sealed than the time before.

    Args:
        due_at: The instant of the day for which it was made.
    """
    if not verdict.is_whole:
        kinds = _count(verdict.findings)
        logger.critical(
            "the record was verified and is not whole",
            extra={"findings": len(verdict.findings), "kinds": words_of(kinds)},
        )
    found = _by_organization(verdict)
    with as_sealer() as cursor:
        before = _changed_before(cursor, due_at)
        _keep(cursor, verdict, found, (due_at, began_at, ended_at))
        for statement in _CLEAR:
            cursor.execute(statement, [ended_at - KEPT_FOR])
    known = set(organization_ids())
    for of, kinds in found.items():
        changed = count_changed(kinds)
        if changed and changed != before.get(of) and of in known:
            with tenancy.scope(of):
                _tell(of, changed)


def _keep(
    cursor: Any,
    verdict: Verdict,
    found: Mapping[UUID, Kinds],
    times: tuple[datetime, datetime, datetime],
) -> None:
    due_at, began_at, _ = times
    kinds = json.dumps(_count(verdict.findings))
    cursor.execute(
        _ADD, [*times, verdict.rows, verdict.anchors, len(verdict.findings), kinds]
    )
    cursor.executemany(
        _ADD_ONE,
        [
            (of, due_at, began_at, verdict.sizes.get(of, 0), json.dumps(kinds_of))
            for of, kinds_of in found.items()
        ],
    )


def _by_organization(verdict: Verdict) -> dict[UUID, Kinds]:
    """Return the kinds of each tree's findings; those of no tree are everybody's."""
    found: dict[UUID, list[Finding]] = {of: [] for of in verdict.sizes}
    of_all: list[Finding] = []
    for finding in verdict.findings:
        of = finding.organization_id
        if of is None and finding.row_id is not None:
            of = PRODUCT
        if of is None:
            of_all.append(finding)
        else:
            found.setdefault(of, []).append(finding)
    return {of: _count([*findings, *of_all]) for of, findings in found.items()}


def _count(findings: Sequence[Finding]) -> Kinds:
    return dict(Counter(finding.wrong.value for finding in findings))


def _changed_before(cursor: Any, due_at: datetime) -> dict[UUID, int]:
    cursor.execute(_BEFORE, [due_at])
    return {of: count_changed(json.loads(text)) for of, text in cursor.fetchall()}


def _tell(organization_id: UUID, count: int) -> None:
    audit.record(
        audit.Entry(
            action="compliance.record.differed",
            organization_id=organization_id,
            actor_kind="system",
            actor_id=None,
            subject_kind="organization",
            subject_id=organization_id,
            facts={"count": count},
        )
    )
