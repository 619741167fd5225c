"""What becomes of rows about sound and words when a clinic's account closes."""

from sondervoice.kernel.clinic_rows import Leaves, rows_leave


def state() -> None:
    """Say it of every model of recordings; the sound itself went before them."""
    rows_leave(Leaves.WITH_THE_DATA, "recordings.Recording", "recordings.Utterance")
