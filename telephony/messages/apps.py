"""What callers left for the staff."""

from django.apps import AppConfig

from sondervoice.kernel import subject_data


class MessagesConfig(AppConfig):
    """What callers left for the staff."""

    name = "telephony.messages"
    label = "phone_messages"

    def ready(self) -> None:
        """Say what can be handed out of messages."""
        from telephony.messages import (  # noqa: PLC0415 -- needs models
            subject_data as given,
        )

        subject_data.register_subject_holder(given.Messages())
