"""What a call left behind."""

from django.apps import AppConfig


class RecordingsConfig(AppConfig):
    """Sound and words."""

    name = "recordings"

    def ready(self) -> None:
        """Register jobs and listen for ended calls."""
        from recordings import receivers, tasks  # noqa: F401, PLC0415 -- needs models
