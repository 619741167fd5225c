"""The open clinic's thresholds."""

from dataclasses import fields

from compliance.alerts.models import AlertThresholds
from compliance.alerts.rules import Thresholds

NAMES = tuple(one.name for one in fields(Thresholds))


def read_thresholds() -> Thresholds:
    """Return what the clinic of the open scope has chosen, or the usual ones."""
    row = AlertThresholds.objects.first()
    if row is None:
        return Thresholds()
    return Thresholds(**{name: getattr(row, name) for name in NAMES})
