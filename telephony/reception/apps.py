"""Receptionists and what they are told."""

from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    """Receptionists and what they are told."""

    name = "telephony.reception"
    label = "reception"
