"""The demo, an app of the settings that are a demo's and of no others."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """People, a diary, a caller, and the commands that bring them."""

    name = "sondervoice.demo"
