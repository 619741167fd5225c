"""What callers left for the staff."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """What callers left for the staff."""

    name = "telephony.messages"
    label = "phone_messages"
