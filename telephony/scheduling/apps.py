"""The diary."""

from django.apps import AppConfig

from sondervoice.kernel import personal_data, subject_data


class SchedulingConfig(AppConfig):
    """The diary."""

    name = "telephony.scheduling"
    label = "scheduling"

    def ready(self) -> None:
        """Say what the diary keeps of patients."""
        from telephony.scheduling import (  # noqa: PLC0415 -- needs models
            personal_data as holds,
        )
        from telephony.scheduling import subject_data as given  # noqa: PLC0415

        personal_data.register_holder(holds.Patients())
        personal_data.state_without_holder(holds.WITHOUT_HOLDER)
        subject_data.register_subject_holder(given.Appointments())
        subject_data.register_name_keeper(given.PatientNames())
