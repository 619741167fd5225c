"""Tell a clinic what its record shows. Next: `jobs.mail_alert`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Organization
from accounts.permissions import Permission
from accounts.selectors.holders import list_holder_ids
from compliance.alerts.judge import Finding, Told, judge
from compliance.alerts.models import SecurityAlert
from compliance.alerts.rules import (
    Event,
    Line,
    Rule,
    least,
    rule_of,
    weight_of,
)
from compliance.alerts.thresholds import read_thresholds
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit

Group = tuple[Rule, str, UUID | None]


def raise_alerts(
    *, organization_id: UUID, lines: Iterable[Line], now: datetime
) -> None:
    """Raise what the lines show, or let an open alert grow; the same again is nothing.

    Call it in the clinic's scope. Of two at once one waits for the other.
    """
    clinic = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    thresholds, zone = read_thresholds(), ZoneInfo(clinic.timezone)
    groups: dict[Group, list[Event]] = defaultdict(list)
    for line in lines:
        rule = rule_of(line, thresholds=thresholds, zone=zone)
        if rule is not None:
            groups[_group(rule, line)].append(Event(line.at, weight_of(line)))
    for group, events in groups.items():
        last = _find_last(group)
        findings = judge(events, least=least(group[0], thresholds), told=_told(last))
        for finding in findings:
            if finding.goes_on and last is not None:
                _grow(last, finding)
            else:
                last = _raise(organization_id, group, finding, now)


def _group(rule: Rule, line: Line) -> Group:
    """Return what is counted together: one person, or all members at the sign-in."""
    if rule is Rule.FAILED_SIGN_INS:
        return rule, "system", None
    return rule, line.actor_kind, line.actor_id


def _find_last(group: Group) -> SecurityAlert | None:
    rule, kind, actor_id = group
    rows = SecurityAlert.objects.filter(rule=rule, actor_kind=kind, actor_id=actor_id)
    return rows.order_by("-last_at").first()


def _told(row: SecurityAlert | None) -> Told | None:
    if row is None:
        return None
    return Told(
        first_at=row.first_at,
        last_at=row.last_at,
        count=row.count,
        is_open=row.seen_at is None,
    )


def _grow(row: SecurityAlert, finding: Finding) -> None:
    row.last_at, row.count = finding.last_at, finding.count
    row.save(update_fields=["last_at", "count"])


def _raise(
    organization_id: UUID, group: Group, finding: Finding, now: datetime
) -> SecurityAlert:
    rule, kind, actor_id = group
    row = SecurityAlert.objects.create(
        organization_id=organization_id,
        rule=rule,
        actor_kind=kind,
        actor_id=actor_id,
        count=finding.count,
        first_at=finding.first_at,
        last_at=finding.last_at,
        raised_at=now,
    )
    facts: dict[str, audit.Fact] = {"rule": rule, "count": row.count}
    audit.record(
        audit.Entry(
            action="compliance.alert.raised",
            organization_id=organization_id,
            actor_kind="system",
            actor_id=None,
            subject_kind="security_alert",
            subject_id=row.id,
            facts=facts if actor_id is None else facts | {"actor": actor_id},
        )
    )
    for user_id in list_holder_ids(Permission.ACCESS_VIEW, of_all_calls=True):
        after_commit(
            "compliance.mail_alert",
            organization_id=organization_id,
            ids={"alert_id": row.id, "user_id": user_id},
        )
    return row
