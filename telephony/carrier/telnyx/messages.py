"""Telnyx's text messages, through its own SDK.

Source:
    Telnyx API reference, "Send a message" (POST /v2/messages, read 2026-11): `from` is
    a number of ours, or `messaging_profile_id` names a profile with a pool of numbers.
    Unless `use_profile_webhooks` is false, each message is reported to the profile's
    webhook.
"""

from typing import Final

from telnyx import APIError, APIStatusError, Telnyx, omit

from sondervoice.kernel.errors import VendorError

TIMEOUT_S: Final = 5.0
_MAY_HELP: Final = frozenset({408, 409, 429})


class TelnyxMessenger:
    """Sends text messages from one number, or from the numbers of a profile.

    Nothing is repeated here: whoever waits for it is a job, which is tried again.
    """

    def __init__(
        self, *, api_key: str, base_url: str, from_e164: str, profile_id: str
    ) -> None:
        """Connect to `base_url` with the account's key.

        Args:
            from_e164: A number of ours; empty when the profile chooses one.
            profile_id: Of the messaging profile; empty when the number says it.
        """
        self._from = from_e164
        self._profile = profile_id
        self._messages = Telnyx(
            api_key=api_key, base_url=base_url, timeout=TIMEOUT_S, max_retries=0
        ).messages

    def send(self, *, to_e164: str, text: str) -> None:
        """Hand one message to the carrier.

        Raises:
            VendorError: If it was not taken.
        """
        try:
            self._messages.send(
                to=to_e164,
                text=text,
                type="SMS",
                from_=self._from or omit,
                messaging_profile_id=self._profile or omit,
                use_profile_webhooks=False,
            )
        except APIStatusError as error:
            code = error.status_code
            raise VendorError(
                "telnyx",
                category=f"status_{code}",
                permanent=code < 500 and code not in _MAY_HELP,
            ) from None
        except APIError:
            raise VendorError(
                "telnyx", category="unreachable", permanent=False
            ) from None
