"""The models of compliance's parts, where Django looks for them."""

from compliance.alerts.models import AlertThresholds, SecurityAlert
from compliance.ledger.models import AuditLog, Verification
from compliance.retention.models import (
    LegalHold,
    RetentionBatch,
    RetentionPolicy,
    RetentionRun,
)

__all__ = [
    "AlertThresholds",
    "AuditLog",
    "LegalHold",
    "RetentionBatch",
    "RetentionPolicy",
    "RetentionRun",
    "SecurityAlert",
    "Verification",
]
