"""To whom recordings send: where sound is stored.

Source:
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html
    (read 2026-11): AWS may train on content of its AI services unless the account opts
    out; storage is none of them, and its requests have no such option.
"""

from typing import Final

from django.conf import settings

from sondervoice.kernel.recipients import Recipient

STORAGE: Final = Recipient(
    name="storage",
    title="Amazon S3, where recordings are stored",
    gets="Sound of calls, sealed before it leaves our server",
    keeps="Until we delete it, on the day that you chose",
    no_training="Its requests have no switch against training. It gets sealed sound "
    "alone and no key to it; none of Amazon’s AI services is used",  # noqa: RUF001
    source="https://docs.aws.amazon.com/organizations/latest/userguide/"
    "orgs_manage_policies_ai-opt-out.html",
    is_used=lambda: bool(settings.RECORDINGS_BUCKETS),
)
