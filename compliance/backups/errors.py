"""What can go wrong with backups, in our words; none of them names what is in one."""

from collections.abc import Sequence


class BackupBrokenError(Exception):
    """A backup is cut, changed, not ours, or closed by another key."""


class ErasuresMissingError(BackupBrokenError):
    """The list of erasures is not whole: what they erased may have come back."""

    def __init__(self, missing: Sequence[str]) -> None:
        """Say what is missing, a line each."""
        super().__init__(f"{len(missing)} things of the list of erasures are missing")
        self.missing = missing


class BackupRefusedError(Exception):
    """Something must be done first; the sentence says what."""


class DrillRunsError(BackupRefusedError):
    """A drill runs on this machine; only one does at a time."""


class PurgeUnfinishedError(BackupRefusedError):
    """What was due for erasure today is not all gone."""

    def __init__(self, clinics: int) -> None:
        """Name how many clinics wait."""
        super().__init__(
            f"Today's erasure is not finished for {clinics} clinics: a backup made now "
            "would keep what had to go"
        )
        self.clinics = clinics


class ProgramFailedError(Exception):
    """A program of PostgreSQL is missing or ended with an error."""
