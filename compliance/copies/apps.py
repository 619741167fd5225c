"""Copies that others keep of what we erase."""

from django.apps import AppConfig


class CopiesConfig(AppConfig):
    """Copies that others keep of what we erase."""

    name = "compliance.copies"
    label = "copies"
