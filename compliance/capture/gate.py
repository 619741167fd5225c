"""The one gate through which sound and words may be kept (pure).

Shut means that no frame passes: not to the recorder, not to the transcript, and, before
the notice has been heard, not to a speech vendor either.
"""

from compliance.capture.policy import CapturePolicy


class CaptureGate:
    """Opens as the call earns it and can be shut at any time.

    The three answers are read at every frame, so they are plain attributes.

    Attributes:
        may_hear: Sound may go to the speech vendor.
        may_write: Words may be kept.
        may_record: Sound may be kept.
        asked_at_ms: When the question for consent began to be heard; None: not yet.
    """

    def __init__(self, policy: CapturePolicy) -> None:
        """Start shut."""
        self._policy = policy
        self._heard = False
        self._consent: bool | None = None
        self._is_shut = False
        self.asked_at_ms: int | None = None
        self.may_hear = False
        self.may_write = False
        self.may_record = False

    def notice_heard(self) -> None:
        """The caller has heard the notice to its end."""
        self._heard = True
        self._settle()

    def question_begun(self, *, at_ms: int) -> None:
        """The question for consent is heard from this moment of the call on."""
        if self.asked_at_ms is None:
            self.asked_at_ms = at_ms

    def consent(self, *, is_given: bool) -> None:
        """The caller said yes or no; a no, also a later one, shuts the recorder.

        A yes to a question that was not asked opens nothing.
        """
        if is_given and self.asked_at_ms is None:
            return
        self._consent = is_given
        self._settle()

    def shut(self) -> None:
        """Let nothing pass any more: the call goes to a person."""
        self._is_shut = True
        self._settle()

    def _settle(self) -> None:
        is_open = self._heard and not self._is_shut
        permitted = self._consent is not False and (
            self._consent is True or not self._policy.asks_consent
        )
        self.may_hear = is_open
        self.may_write = is_open and self._policy.transcription
        self.may_record = is_open and self._policy.recording and permitted
