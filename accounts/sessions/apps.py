"""Where people are signed in."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Each person's one session; Django's own table of sessions lies below."""

    name = "accounts.sessions"
    label = "account_sessions"

    def ready(self) -> None:
        """Begin to keep a row for each sign-in."""
        # Its module needs the models, which are there only now.
        from accounts.sessions.sign_ins import watch  # noqa: PLC0415

        watch()
