"""What a call left behind."""

from django.apps import AppConfig

from recordings import clinic_rows
from recordings.recipients import STORAGE
from sondervoice.kernel import (
    personal_data,
    recipients,
    stored_objects,
    subject_data,
)


class RecordingsConfig(AppConfig):
    """Sound and words."""

    name = "recordings"

    def ready(self) -> None:
        """Register jobs and follow ended calls."""
        from recordings import personal_data as holds  # noqa: PLC0415 -- needs models
        from recordings import subject_data as given  # noqa: PLC0415
        from recordings import tasks  # noqa: F401, PLC0415 -- needs models
        from recordings.kept_objects import KeptRecordings  # noqa: PLC0415
        from telephony.events import call_ended  # noqa: PLC0415 -- needs models

        call_ended.received_by("recordings.store_recording")
        personal_data.register_holder(holds.Sound())
        personal_data.register_holder(holds.Words())
        personal_data.state_without_holder(holds.WITHOUT_HOLDER)
        recipients.register_recipient(STORAGE)
        clinic_rows.state()
        stored_objects.register_keeper(KeptRecordings())
        subject_data.register_subject_holder(given.Transcripts())
        subject_data.register_subject_holder(given.Recordings())
