"""Counts of calls that tell of nobody."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """The statistics."""

    name = "telephony.statistics"
    label = "statistics"

    def ready(self) -> None:
        """Register the jobs and the operators' page."""
        from compliance.retention.events import run_finished  # noqa: PLC0415
        from telephony.statistics import jobs, operator_page  # noqa: F401, PLC0415

        run_finished.received_by("telephony.forget_clinic")
