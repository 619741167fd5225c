"""Where a person asks about their own data, and hears what became of it."""

from django.apps import AppConfig

from compliance.asking.personal_data import HELD
from sondervoice.kernel import purposes


class AskingConfig(AppConfig):
    """Callers at `/forget-me/`, members of clinics at `/preferences/privacy/`."""

    name = "compliance.asking"
    label = "asking"

    def ready(self) -> None:
        """Register the jobs and who erases again; hear of what clinics conclude."""
        from compliance.asking import operator_page as _  # noqa: F401, PLC0415
        from compliance.asking import tasks  # noqa: F401, PLC0415 -- needs models
        from compliance.asking.services import erase_account  # noqa: PLC0415
        from compliance.backups.again import erased_again_by  # noqa: PLC0415
        from sondervoice.kernel.rights import (  # noqa: PLC0415
            request_concluded,
            request_put_off,
        )

        request_concluded.received_by("compliance.note_answer")
        request_put_off.received_by("compliance.tell_put_off")
        purposes.state_held(HELD)
        erased_again_by(erase_account.PERSON, erase_account.PersonAgain())
