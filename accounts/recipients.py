"""To whom accounts send: the server by which letters leave."""

from typing import Final

from django.conf import settings

from sondervoice.kernel.recipients import Recipient

MAIL: Final = Recipient(
    name="mail",
    title="The mail server, and whoever keeps the mailbox of who gets a letter",
    gets="Mail addresses, and letters that name no caller. Who asked about their "
    "data also reads there why it takes longer",
    keeps="As its own keeper says",
    no_training="Mail has no switch against training. What is worth reading is "
    "behind a link and a sign-in, not in the letter",
    is_used=lambda: settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"),
)
