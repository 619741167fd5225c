"""What a call is."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string

from sondervoice.kernel import (
    copies,
    outbound,
    personal_data,
    recipients,
    subject_data,
)
from telephony.recipients import CARRIER


class TelephonyConfig(AppConfig):
    """Numbers, calls and the carrier."""

    name = "telephony"

    def ready(self) -> None:
        """Register the jobs of this app, and its part of every page."""
        from accounts.dashboard import around  # noqa: PLC0415 -- needs models
        from compliance.closing.registry import at_the_end_of_calls  # noqa: PLC0415
        from telephony import clinic_rows as rows  # noqa: PLC0415
        from telephony import personal_data as holds  # noqa: PLC0415
        from telephony import subject_data as given  # noqa: PLC0415
        from telephony import tasks  # noqa: F401, PLC0415
        from telephony.chrome import phone_around  # noqa: PLC0415
        from telephony.services.send_text import (  # noqa: PLC0415
            can_send_texts,
            send_text,
        )

        outbound.install_text_sender(send_text, is_ready=can_send_texts)

        around("phone", phone_around)
        _say_what_limits_are()
        personal_data.register_holder(holds.TakenDown())
        personal_data.register_holder(holds.LoneMessages())
        personal_data.register_holder(holds.CallRow())
        personal_data.register_holder(holds.Strays())
        personal_data.state_without_holder(holds.WITHOUT_HOLDER)
        if settings.CARRIER_COPIES and settings.TELNYX_API_KEY:
            connect = import_string(settings.CARRIER_COPIES)
            copies.register_processor(
                connect(
                    api_key=settings.TELNYX_API_KEY, base_url=settings.TELNYX_API_BASE
                )
            )
        recipients.register_recipient(CARRIER)
        rows.state()
        at_the_end_of_calls("numbers", rows.give_numbers_up)
        subject_data.register_subject_holder(given.Calls())
        subject_data.register_subject_holder(given.Receptionists())
        subject_data.register_name_keeper(given.CallerNames())


def _say_what_limits_are() -> None:
    """Say what a person can be limited to, and what of the record is within it."""
    # All need the models, which are there only now.
    from accounts.limit_choices import install_narrows  # noqa: PLC0415
    from compliance.ledger.sight import install_within_limits  # noqa: PLC0415
    from telephony.selectors.narrowing import (  # noqa: PLC0415
        PlacesAndReceptionists,
    )
    from telephony.selectors.record import subjects_within_limits  # noqa: PLC0415

    install_narrows(PlacesAndReceptionists())
    install_within_limits(subjects_within_limits)
