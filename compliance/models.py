"""The models of compliance's parts, where Django looks for them."""

from compliance.ledger.models import AuditLog

__all__ = ["AuditLog"]
