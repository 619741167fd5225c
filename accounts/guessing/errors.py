"""What a guesser is told."""

from math import ceil

from sondervoice.kernel.errors import SonderError


class TooManyTriesError(SonderError):
    """There are no tries left for a while; nothing was looked at."""

    code = "too_many_tries"
    status = 429
    message = "Wait a while, then try again."

    def __init__(self, *, wait_s: float) -> None:
        """Say how long to wait, in whole minutes and never too few."""
        minutes = max(1, ceil(wait_s / 60))
        unit = "minute" if minutes == 1 else "minutes"
        super().__init__(f"Wait {minutes} {unit}, then try again.")
        self.retry_after_s = wait_s
