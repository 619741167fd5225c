"""What can go wrong with backups, in our words; none of them names what is in one."""


class BackupBrokenError(Exception):
    """A backup is cut, changed, not ours, or closed by another key."""


class BackupRefusedError(Exception):
    """Something must be done first; the sentence says what."""


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
