"""Where a conversation stands: plain values that survive the process.

A `Dialogue` is everything the line needs to go on with a call elsewhere. It is frozen;
a brain answers with a changed copy (`dataclasses.replace`).

Next: `telephony.voice.ports`, which passes it to a brain.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Expecting(StrEnum):
    """What kind of answer was asked for; the ear listens accordingly."""

    ANYTHING = "anything"
    INTENT = "intent"
    WHEN = "when"
    OFFER = "offer"
    YES_NO = "yes_no"
    NAME = "name"
    PHONE = "phone"
    MESSAGE = "message"
    CLOSING = "closing"


class Goal(StrEnum):
    """What the caller wants of us."""

    UNKNOWN = "unknown"
    BOOK = "book"
    CANCEL = "cancel"
    MESSAGE = "message"
    PERSON = "person"
    EMERGENCY = "emergency"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A free place in the diary, as the server offers it.

    Attributes:
        id: The server's; a booking names this and never a time.
        starts_at: Aware, in the clinic's time zone.
        with_whom: The practitioner's name as it is said aloud.
        kind: The appointment type as it is said aloud.
    """

    id: UUID
    starts_at: datetime
    with_whom: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """An appointment in the diary, this caller's own.

    Attributes:
        starts_at: Aware, in the clinic's time zone.
    """

    appointment_id: UUID
    starts_at: datetime
    with_whom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """When the caller would like to come; every part may be open.

    Attributes:
        on: A day in the clinic's calendar.
        from_hour: Earliest hour of the day, 0 to 23.
        until_hour: Latest hour of the day, exclusive, 1 to 24.
        near: Minutes after midnight the caller would like best.
    """

    on: date | None = None
    from_hour: int | None = None
    until_hour: int | None = None
    near: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What the receptionist knows about the clinic before the call starts.

    Attributes:
        timezone: IANA name of the clinic's zone.
        languages: BCP 47 primary tags in order of preference; the first greets.
        emergency_number: As dialled where the clinic is.
        can_put_through: Whether a person's number is set.
        facts: Short answers by topic: ``hours``, ``address``, ``parking`` …
        disclosure: The notice to be heard first, by language, sentence by sentence.
        keeps_sound: The call is recorded once the notice was heard, without a question.
        asks_consent: Whether the notice ends with a question that wants yes or no.
        consent_question: That question by language.
    """

    clinic_name: str
    timezone: str
    languages: tuple[str, ...]
    emergency_number: str
    can_put_through: bool
    facts: dict[str, str] = field(default_factory=dict)
    disclosure: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asks_consent: bool = False
    keeps_sound: bool = False
    consent_question: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """How far the conversation has come.

    Attributes:
        language: The language spoken now.
        offered: Slots read out last; only these may be accepted.
        own: The caller's appointments read out last; only these may be cancelled.
        misunderstood: Times in a row that the caller was not understood.
        clip_wanted: The caller's next utterance is kept as sound for staff to hear.
        payment_open: The caller spoke of a payment and has not declined a link.
        topic: Free word of the brain for what is asked about within a goal.
    """

    language: str
    goal: Goal = Goal.UNKNOWN
    expecting: Expecting = Expecting.ANYTHING
    topic: str = ""
    wish: Wish = Wish()
    offered: tuple[Slot, ...] = ()
    chosen: Slot | None = None
    own: tuple[Booked, ...] = ()
    name: str = ""
    phone: str = ""
    message: str = ""
    keys: str = ""
    consent: bool | None = None
    has_written: bool = False
    misunderstood: int = 0
    clip_wanted: bool = False
    payment_open: bool = False
