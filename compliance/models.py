"""The models of compliance's parts, where Django looks for them."""

from compliance.alerts.models import AlertThresholds, SecurityAlert
from compliance.ledger.models import AuditLog

__all__ = ["AlertThresholds", "AuditLog", "SecurityAlert"]
