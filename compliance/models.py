"""The models of compliance's parts, where Django looks for them."""

from compliance.ledger.models import AuditLog
from compliance.retention.models import (
    LegalHold,
    RetentionBatch,
    RetentionPolicy,
    RetentionRun,
)

__all__ = ["AuditLog", "LegalHold", "RetentionBatch", "RetentionPolicy", "RetentionRun"]
