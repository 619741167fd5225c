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
    """

    def __init__(self, policy: CapturePolicy) -> None:
        """Start shut."""
        self._policy = policy
        self._heard = False
        self._consent: bool | None = None
        self._paused = False
        self.may_hear = False
        self.may_write = False
        self.may_record = False

    def notice_heard(self) -> None:
        """The caller has heard the notice to its end."""
        self._heard = True
        self._settle()

    def consent(self, *, is_given: bool) -> None:
        """The caller said yes or no; a no, also a later one, shuts the recorder."""
        self._consent = is_given
        self._settle()

    def pause(self) -> None:
        """Keep nothing for now: a card is being read out, or a transfer begins."""
        self._paused = True
        self._settle()

    def go_on(self) -> None:
        """End the pause."""
        self._paused = False
        self._settle()

    def _settle(self) -> None:
        self.may_hear = self._heard
        self.may_write = self._heard and not self._paused and self._policy.transcription
        permitted = self._consent is not False and (
            self._consent is True or not self._policy.asks_consent
        )
        self.may_record = (
            self._heard and not self._paused and self._policy.recording and permitted
        )
