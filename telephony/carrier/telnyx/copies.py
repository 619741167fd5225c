"""Recordings that Telnyx may keep of a call: found, deleted, looked for again.

Source:
    Telnyx API reference, "Call Recordings" (OpenAPI 2.0.0 of 2026-07-16, read 2026-11):
    ``GET /recordings`` filters by ``call_session_id`` or ``call_control_id``;
    ``DELETE /recordings/{id}`` removes the media for good; 404 for what is not there.
    https://telnyx.com/ai/data-handling.json (of 2026-04-24, read 2026-11): call detail
    records are kept for 90 days.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from sondervoice.kernel.copies import Answer
from sondervoice.kernel.errors import VendorError
from telephony.carrier.port import LEG, SESSION

if TYPE_CHECKING:
    from telnyx.resources.recordings import RecordingsResource

TIMEOUT_S: Final = 5.0
# A call has one or two. Of more, the rest goes with the next try.
AT_ONCE: Final = 5
_FILTERS: Final = {SESSION: "call_session_id", LEG: "call_control_id"}


class TelnyxCopies:
    """Asks Telnyx about its recordings of one call.

    Nothing is deleted unless what was found says itself that it is of that call: a
    filter that is not understood there would list the recordings of everybody.
    """

    name: Final = "telnyx"
    title: Final = "Telnyx"
    keeps: Final = "Recordings, where a number was set up to make them."
    keeps_anyway: Final = (
        "Telnyx's own call detail records (both numbers, times, duration) cannot be "
        "deleted by us; Telnyx says that it keeps them for 90 days. Text messages, "
        "such as the code by which a number is proven, it keeps for 10 days, it says."
    )

    def __init__(self, *, api_key: str, base_url: str) -> None:
        """Connect to `base_url` with the account's key once there is a question."""
        self._api_key, self._base_url = api_key, base_url

    def erase(self, reference: str) -> Answer:
        """Delete what is found; see the Protocol."""
        found, status = self._find(reference)
        deleted = sum(self._delete(recording_id) for recording_id in found)
        return Answer(status=status, found=deleted)

    def is_gone(self, reference: str) -> bool:
        """Return whether nothing is found any more."""
        found, _ = self._find(reference)
        return not found

    def _find(self, reference: str) -> tuple[list[str], str]:
        """Return ids of recordings, and the answer's status."""
        key, named = _filter(reference)
        answered = self._ask(
            lambda: self._recordings.with_raw_response.list(
                filter={key: named},  # type: ignore[arg-type]  # one of two known
                page_size=AT_ONCE,
            )
        )
        if answered is None:
            return [], "404"
        listed = getattr(self._ask(answered.parse), "data", None)
        if not isinstance(listed, list):
            raise _garbled()
        for one in listed:
            if getattr(one, key, None) != named or not getattr(one, "id", None):
                raise _garbled()
        return [one.id for one in listed], str(answered.http_response.status_code)

    def _delete(self, recording_id: str) -> bool:
        """Delete one and see that it answers 404; return whether it was there.

        Raises:
            VendorError: If it is there still.
        """
        deleted = self._ask(lambda: self._recordings.delete(recording_id))
        if self._ask(lambda: self._recordings.retrieve(recording_id)) is not None:
            raise VendorError(self.name, category="still_there", permanent=False)
        return deleted is not None

    def _ask(self, question: Any) -> Any:
        """Return the answer, None for a 404.

        Raises:
            VendorError: If there was none, or one that refuses.
        """
        # Its SDK takes seconds to import, and only workers ask.
        from telephony.carrier.telnyx.control import translated  # noqa: PLC0415

        try:
            return translated(question)
        except VendorError as error:
            if error.category != "call_gone":
                raise
            return None

    @cached_property
    def _recordings(self) -> "RecordingsResource":
        from telnyx import Telnyx  # noqa: PLC0415 -- as above

        return Telnyx(
            api_key=self._api_key,
            base_url=self._base_url,
            timeout=TIMEOUT_S,
            max_retries=0,
        ).recordings


def _filter(reference: str) -> tuple[str, str]:
    """Return the filter's key and its value.

    Raises:
        VendorError: If it is no reference of ours, or names nothing: it is never asked
            without a filter.
    """
    for prefix, key in _FILTERS.items():
        if reference.startswith(prefix) and len(reference) > len(prefix):
            return key, reference.removeprefix(prefix)
    raise VendorError("telnyx", category="no_reference", permanent=False)


def _garbled() -> VendorError:
    return VendorError("telnyx", category="garbled", permanent=False)
