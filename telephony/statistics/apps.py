"""Counts of calls that tell of nobody."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """The statistics."""

    name = "telephony.statistics"
    label = "statistics"

    def ready(self) -> None:
        """Register the jobs, the operators' page, and what a closing ends."""
        from compliance.closing.registry import at_the_end_of_rows  # noqa: PLC0415
        from telephony.statistics import jobs, operator_page  # noqa: F401, PLC0415
        from telephony.statistics.services.forget_clinic import (  # noqa: PLC0415
            forget_clinic,
        )

        at_the_end_of_rows("statistics", forget_clinic)
