"""People and access."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who may do it."""

    name = "accounts"
