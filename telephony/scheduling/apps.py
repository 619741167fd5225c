"""The diary."""

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    """The diary."""

    name = "telephony.scheduling"
    label = "scheduling"
