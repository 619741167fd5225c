"""What personal data are held and handed on for: purposes, whose they are, and bases.

Of callers' data a clinic decides and we carry it out, so a purpose of our own with them
is refused as soon as it is stated. Of the accounts of people who work with us we decide
ourselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Subject(StrEnum):
    """Whose data they are."""

    CALLERS = "callers"
    STAFF = "staff"
    OPERATORS = "operators"


class Purpose(StrEnum):
    """What something is held or handed on for."""

    RECEPTION = "reception"
    RECORDING = "recording"
    DIARY = "diary"
    RIGHTS = "rights"
    ERASURE = "erasure"
    SETTINGS = "settings"
    RECORD = "record"
    RUNNING = "running"
    # Our own.
    ACCOUNTS = "accounts"
    SECURITY = "security"
    OUR_DUTIES = "our_duties"


OUR_OWN: Final = frozenset({Purpose.ACCOUNTS, Purpose.SECURITY, Purpose.OUR_DUTIES})
"""Purposes that we set ourselves; all others are a clinic's."""


class Basis(StrEnum):
    """What makes it lawful (GDPR Art. 6 and 9)."""

    SERVICE = "service"
    CONSENT = "consent"
    LEGAL_DUTY = "legal_duty"
    CONTRACT = "contract"
    INTEREST = "interest"


class OwnPurposeError(ValueError):
    """A purpose of our own was stated for data of callers."""


def refuse_own_purpose(subject: Subject, purpose: Purpose) -> None:
    """Refuse a purpose of our own with callers' data.

    Raises:
        OwnPurposeError: If it is one.
    """
    if subject is Subject.CALLERS and purpose in OUR_OWN:
        raise OwnPurposeError(f"{purpose} is no clinic's purpose")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A field that people see.

    Attributes:
        column: ``telephony.Call.caller_sealed``.
        words: The same for a reader: ``Callers' numbers``.
        seen_by: Actions of the record, each of which is a look at it.
    """

    column: str
    words: str
    seen_by: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Why one group of fields is held.

    Attributes:
        title: What is held, for a reader: ``Sound of calls``.
        of: Whose data they are.
        kept: For how long, where the clinic's own days do not say it.
        sent_to: Names of the recipients who get some of it.
        shown: Those of its fields that people see; the rest the software alone reads.
    """

    title: str
    of: Subject
    purpose: Purpose
    basis: Basis
    kept: str = ""
    sent_to: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a purpose of our own with callers' data.

        Raises:
            OwnPurposeError: If it is one.
        """
        refuse_own_purpose(self.of, self.purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A group of fields that no holder erases by a clinic's days.

    Attributes:
        name: Dotted and stable: ``accounts.people``.
        columns: Its fields: ``accounts.User.email``.
    """

    name: str
    use: Use
    columns: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """That a job hands personal data to somebody else, and for what.

    Attributes:
        to: Names of the recipients, one or the other: ``mail``.
        of: Whose data they are.
    """

    to: tuple[str, ...]
    of: Subject
    purpose: Purpose

    def __post_init__(self) -> None:
        """Refuse a purpose of our own with callers' data.

        Raises:
            OwnPurposeError: If it is one.
        """
        refuse_own_purpose(self.of, self.purpose)


_held: Final[dict[str, Held]] = {}


def state_held(groups: Iterable[Held]) -> None:
    """Say of groups of fields why they are held."""
    _held.update((one.name, one) for one in groups)


def held() -> tuple[Held, ...]:
    """Return all groups without a holder, by name."""
    return tuple(_held[name] for name in sorted(_held))
