"""What in a clinic's record is worth a person's attention. No database, no clock.

A rule counts rows of the record within an hour, by whoever did them. Next: `judge`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

WINDOW: Final = timedelta(hours=1)


class Rule(StrEnum):
    """What is looked for."""

    MASS_EXPORT = "mass_export"
    NIGHT_REVEALS = "night_reveals"
    FAILED_SIGN_INS = "failed_sign_ins"
    NOT_THEIRS = "not_theirs"
    NEW_PLACE = "new_place"
    OPERATOR_LOOK = "operator_look"
    RECORD_CHANGED = "record_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From how many on a clinic is told, within an hour.

    Attributes:
        mass_export_rows: Rows taken along by one person or key.
        night_reveals: Callers shown by one person at night.
        night_from_hour: The night's first hour on the clinic's clock, 0 to 23.
        night_until_hour: The first hour after it; the same as the first is no night.
        failed_sign_ins: Wrong passwords and codes of all members together, with
            refused answers of the clinic's directory and refused keys.
        not_theirs: Things asked for by one person or key that are not the clinic's.
    """

    mass_export_rows: int = 1000
    night_reveals: int = 3
    night_from_hour: int = 20
    night_until_hour: int = 6
    failed_sign_ins: int = 15
    not_theirs: int = 5
    tells_new_place: bool = True
    tells_operator_look: bool = True


# The least and the most a clinic may choose. Refusals are written down at most ten
# times a minute and person, so a higher number than 600 an hour would never be reached.
BOUNDS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "mass_export_rows": (50, 100_000),
        "night_reveals": (1, 100),
        "night_from_hour": (0, 23),
        "night_until_hour": (0, 23),
        "failed_sign_ins": (5, 1000),
        "not_theirs": (2, 600),
    }
)

_COUNTED: Final = frozenset(
    {
        "accounts.invitations.read",
        "accounts.members.read",
        "compliance.access.exported",
        "compliance.business_data.exported",
        "compliance.rights_package.exported",
        "scheduling.appointments.read",
        "telephony.calls.read",
        "telephony.messages.read",
    }
)
_ONE_BY_ONE: Final = frozenset(
    {"recordings.playback.granted", "recordings.transcript.read"}
)
_DIFFERED: Final = "compliance.record.differed"
REFUSED_SIGN_IN: Final = "accounts.session.refused"
_FAILED: Final = frozenset(
    {
        REFUSED_SIGN_IN,
        "accounts.api_key.refused",
        "accounts.factor.refused",
        "accounts.passkey.refused",
        "accounts.sso.refused",
    }
)
_SINGLE: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "telephony.caller.revealed": Rule.NIGHT_REVEALS,
        "accounts.thing.refused": Rule.NOT_THEIRS,
        "accounts.sign_in.moved": Rule.NEW_PLACE,
        "accounts.operator_session.started": Rule.OPERATOR_LOOK,
        _DIFFERED: Rule.RECORD_CHANGED,
    }
)
# Of a clinic's own rows; refused sign-ins stand in rows of none.
WATCHED: Final = tuple(
    sorted(_COUNTED | _ONE_BY_ONE | (_FAILED - {REFUSED_SIGN_IN}) | set(_SINGLE))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the rules know of one row of the record.

    Attributes:
        count: How many rows were read, or are not as sealed, where the row of the
            record says so, else 0.
    """

    at: datetime
    action: str
    actor_kind: str
    actor_id: UUID | None
    count: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """One thing that counts towards a rule, as so many."""

    at: datetime
    weight: int


def rule_of(line: Line, *, thresholds: Thresholds, zone: ZoneInfo) -> Rule | None:
    """Return the rule that a row counts towards, if any.

    Args:
        line: One row.
        thresholds: The clinic's: they say when it is night and what is told at all.
        zone: The clinic's time zone.
    """
    if line.action in _COUNTED | _ONE_BY_ONE:
        return Rule.MASS_EXPORT
    if line.action in _FAILED:
        return Rule.FAILED_SIGN_INS
    rule = _SINGLE.get(line.action)
    if rule is Rule.NIGHT_REVEALS and not _is_night(line.at, thresholds, zone):
        return None
    if rule is Rule.NEW_PLACE and not thresholds.tells_new_place:
        return None
    if rule is Rule.OPERATOR_LOOK and not thresholds.tells_operator_look:
        return None
    return rule


def weight_of(line: Line) -> int:
    """Return as how many a row counts."""
    return line.count if line.action in _COUNTED | {_DIFFERED} else 1


def least(rule: Rule, thresholds: Thresholds) -> int:
    """Return from how many on the clinic is told."""
    return {
        Rule.MASS_EXPORT: thresholds.mass_export_rows,
        Rule.NIGHT_REVEALS: thresholds.night_reveals,
        Rule.FAILED_SIGN_INS: thresholds.failed_sign_ins,
        Rule.NOT_THEIRS: thresholds.not_theirs,
    }.get(rule, 1)


def _is_night(at: datetime, thresholds: Thresholds, zone: ZoneInfo) -> bool:
    hour = at.astimezone(zone).hour
    first, end = thresholds.night_from_hour, thresholds.night_until_hour
    if first <= end:
        return first <= hour < end
    return hour >= first or hour < end
