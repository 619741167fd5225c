"""What an action of the record is called on a page."""

from types import MappingProxyType
from typing import Final

from compliance.asking.words import ASKING_WORDS
from compliance.ledger.access_words import ACCESS_WORDS
from compliance.ledger.models import AuditLog
from compliance.ledger.rights_words import RIGHTS_WORDS

WORDS: Final = MappingProxyType(
    {
        **ACCESS_WORDS,
        "compliance.certificate.issued": "Issued the certificate of an erasure",
        "compliance.copy.stuck": "A copy elsewhere is not gone",
        **RIGHTS_WORDS,
        **ASKING_WORDS,
        "compliance.backup.ended": "Old backups were deleted",
        "compliance.backup.made": "A backup was made",
        "compliance.backup.missed": "There was no new backup",
        "compliance.backup.refused": "No backup was made before an erasure was over",
        "compliance.backup.restored": "The database was brought back from a backup",
        "compliance.erasures.tallied": "The list of what was erased was tallied",
        "compliance.drill.finished": "A backup was tried",
        "compliance.closing.asked": "Asked to close the clinic's account",
        "compliance.closing.billing_purged": "Billing records were erased",
        "compliance.closing.calls_stopped": "The account's grace was over",
        "compliance.closing.doors_shut": "The account was closed to everybody",
        "compliance.closing.erased": "The clinic's own data was erased",
        "compliance.closing.finished": "The account was closed",
        "compliance.closing.held": "A legal hold kept the closing open",
        "compliance.closing.keys_destroyed": "All keys of the clinic were destroyed",
        "compliance.closing.people_let_go": "The clinic's people were let go",
        "compliance.closing.released": "No legal hold kept the closing open any more",
        "compliance.closing.undone": "Kept the clinic's account after all",
        "compliance.data.erased": "Data whose time was up was erased",
        "compliance.hold_reasons.read": "Read why something is held",
        "compliance.hold.forgotten": "A released legal hold forgot its reasons",
        "compliance.hold.placed": "Placed a legal hold",
        "compliance.hold.released": "Released a legal hold",
        "compliance.hold.reviewed": "Said that a legal hold is still needed",
        "compliance.registration.aged": "The ICO registration runs out, or has run out",
        "compliance.purge.finished": "The night's erasure was finished",
        "compliance.purge.missed": "The night's erasure was late",
        "compliance.retention.changed": "Changed how long data is kept",
        "kernel.job.failed": "A job of the software failed for good",
        "messages.message.handled": "Marked a message as handled",
        "messages.message.left": "Left a message",
        "messages.message.reopened": "Opened a message again",
        "recordings.playback.granted": "Played a recording",
        "recordings.recording.stored": "A recording was stored",
        "recordings.transcript.read": "Read a call",
        "scheduling.appointments.read": "Read appointments",
        "scheduling.day.viewed": "Looked at a day of the diary",
        "compliance.keys.copied": "The key store was copied",
        "compliance.keys.copies_ended": "Old copies of the key store were deleted",
        "compliance.keys.retired": "An old root key was given up",
        "compliance.keys.rewrapped": "Your keys were wrapped by the newest root key",
        "compliance.keys.rotated": "A new generation of the root key began",
        "telephony.bin.viewed": "Looked at the bin",
        "telephony.row.deleted": "Put something into the bin",
        "telephony.row.erased": "Erased something in the bin before its time",
        "telephony.row.restored": "Brought something back from the bin",
        "telephony.caller.revealed": "Saw who called",
        "telephony.caller.sought": "Looked for a caller's calls by the number",
        "telephony.caller_looks.viewed": "Looked at who saw a caller's calls",
        "telephony.calls.listed": "Looked at the call list",
        "telephony.calls.read": "Read calls by a program",
        "telephony.emergency.attended": "Saw to an emergency",
        "telephony.emergency.reopened": "Made an emergency wait again",
        "telephony.messages.read": "Read messages",
        "telephony.messages.viewed": "Looked at the messages",
        "telephony.today.viewed": "Looked at Today",
        "scheduling.appointment.booked": "Booked an appointment",
        "scheduling.appointment.cancelled": "Cancelled an appointment",
        "telephony.call.answered": "Answered a call",
        "telephony.call.ended": "A call ended",
        "telephony.number.moved": "Moved a number to a place",
        "telephony.place.added": "Added a place",
        "telephony.place.renamed": "Renamed a place",
    }
)
_PACKAGE: Final = "compliance.rights_package.exported"
_REASONS: Final = MappingProxyType(
    {
        "call_back": "to call back",
        "booking": "to book or change an appointment",
        "identity": "to make sure who it was",
        "complaint": "for a complaint or a legal question",
        "other": "for another reason",
    }
)


def words_for(row: AuditLog) -> str:
    """Return a sentence; an action without one of its own says its name in words."""
    known = WORDS.get(row.action)
    if known is None:
        subject, _, done = row.action.partition(".")[2].partition(".")
        known = f"{subject} {done}".replace("_", " ").capitalize()
    if row.action == _PACKAGE and row.facts.get("by") == "person":
        return "The caller took their own package along"
    reason = row.facts.get("reason")
    if isinstance(reason, str) and reason in _REASONS:
        return f"{known}, {_REASONS[reason]}"
    return known
