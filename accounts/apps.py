"""People and access."""

from django.apps import AppConfig

from accounts import clinic_rows
from accounts.personal_data import HELD, WITHOUT_HOLDER
from accounts.recipients import MAIL
from sondervoice.kernel import (
    personal_data,
    purposes,
    recipients,
    subject_data,
)


class AccountsConfig(AppConfig):
    """Who may do it."""

    name = "accounts"

    def ready(self) -> None:
        """Begin to write down who comes and goes."""
        # Its module needs the models, which are there only now.
        from accounts import subject_data as given  # noqa: PLC0415
        from accounts.comings import watch  # noqa: PLC0415

        watch()
        personal_data.state_without_holder(WITHOUT_HOLDER)
        purposes.state_held(HELD)
        recipients.register_recipient(MAIL)
        clinic_rows.state()
        subject_data.register_subject_holder(given.Members())
        subject_data.register_subject_holder(given.Settings())
