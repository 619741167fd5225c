"""The sentences of a certificate."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sondervoice.kernel.personal_data import DataClass

CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "night": "The night's erasure of what was past its date",
        "request": "A person's request",
        "bin": "Deleted by the clinic, and erased from its bin at once",
        "closing": "The clinic's account was closed",
    }
)
WHAT: Final[Mapping[DataClass, str]] = MappingProxyType(
    {
        DataClass.AUDIO: "Recordings",
        DataClass.TRANSCRIPT: "Transcripts",
        DataClass.FIELDS: "Names, messages, bookings",
        DataClass.METADATA: "Callers' numbers",
    }
)
METHODS: Final[Mapping[DataClass, str]] = MappingProxyType(
    {
        DataClass.AUDIO: "The stored file was deleted, with what its making left.",
        DataClass.TRANSCRIPT: "Every line was deleted from the database.",
        DataClass.FIELDS: "Messages were deleted; names, numbers and notes emptied.",
        DataClass.METADATA: "The number, its index and the carrier's id were emptied; "
        "the carrier's messages about the call were deleted.",
    }
)
COPIES_BY_CLOCK: Final = (
    "Copies of the key store are deleted before they are seven days old, by a clock "
    "that looks each hour."
)
COPIES_BY_HAND: Final = (
    "Copies of the key store are made and deleted by hand where this software runs, so "
    "no date is given. One from before this erasure has its keys until it is deleted."
)
BACKUPS_BY_CLOCK: Final = (
    "A clock that looks every ten minutes deletes the backups that this software makes "
    "before they are older, also when no new one can be made. Whoever runs the "
    "database may make others beside them, and may keep none of those for longer than "
    "90 days. This software does not see them."
)
BACKUPS_BY_OTHERS: Final = (
    "They are made by whoever runs the database, who may keep none for longer than 90 "
    "days. This software does not see them."
)
CANNOT_PROVE: Final = (
    "That a processor's own disks no longer hold what it says that it deleted. We "
    "asked, looked again, and found nothing.",
    "That no system exists which we have not named here.",
    "That a number is not known again: where its caller asked that calls are not "
    "recorded, or that data is not used, what the number is recognised by stays while "
    "that wish stands, so that it is minded. It opens nothing.",
    "That nothing was said of the number in calls from another one, or from a withheld "
    "one. A message with the number to call back is deleted there; its copy in a "
    "backup opens by that call's key. Sound and transcript stay until that call's own "
    "date.",
    "Copies that people took before: a saved file, a printed page, a screenshot.",
    "Backups until the date above. What was sealed under a destroyed key is unreadable "
    "in them once the copies of the key store are gone, too.",
    "That what somebody wrote at /forget-me/ is unreadable in a copy of the database "
    "from the days of their request. It is sealed there under a secret of the whole "
    "installation: who has both reads number, address and words until that copy is "
    "deleted.",
    "That a copy of the database from before leads nowhere. It has the carrier's id of "
    "each call as it is: whoever may ask the carrier finds both numbers by it, for as "
    "long as the carrier keeps its records.",
    "That space on disks was overwritten. The database uses it again in time.",
    "That nothing at all is left: counts and the bare line of each call stay, which "
    "name nobody: when it was, how long, what the caller was told and answered.",
)
# Who adds a vendor that hears, thinks or speaks registers it as a processor.
ON_OUR_MACHINES: Final = (
    "Speech and language run on our own machines; no vendor was given anything."
)
