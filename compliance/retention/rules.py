"""How long a clinic may keep what its calls leave, and when it must be gone (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sondervoice.kernel.personal_data import DATA_CLASSES, DataClass

DAYS_AT_LEAST: Final = 7
# Seven years.
DAYS_AT_MOST: Final = 2555
DAYS_DEFAULT: Final = 180
# Six years, of the record; the settings and the database refuse less.
RECORD_DAYS_AT_LEAST: Final = 2192
PRESETS: Final = (30, 90, 180, 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDays:
    """Whole days that each kind is kept."""

    audio: int = DAYS_DEFAULT
    transcript: int = DAYS_DEFAULT
    fields: int = DAYS_DEFAULT
    metadata: int = DAYS_DEFAULT

    def of(self, data_class: DataClass) -> int:
        """Return the days of one kind."""
        return int(getattr(self, data_class))

    @classmethod
    def frozen_in(cls, capture: Mapping[str, object]) -> "KeepDays":
        """Return what a call's frozen policy says.

        Calls of before there were four clocks carry one number for all.
        """
        kept = capture["keep_days"]
        if isinstance(kept, Mapping):
            return cls(**{one: int(kept[one]) for one in DATA_CLASSES})
        return cls(**dict.fromkeys(DATA_CLASSES, int(str(kept))))


def shorter(one: KeepDays, other: KeepDays) -> KeepDays:
    """Return the fewer days of each kind: a promise is never stretched."""
    return KeepDays(
        **{kind: min(one.of(kind), other.of(kind)) for kind in DATA_CLASSES}
    )


def within_presets(days: KeepDays) -> KeepDays:
    """Return each kind's next preset below.

    Fewer days than the smallest preset stay: nothing is kept longer than was chosen.
    """
    return KeepDays(**{kind: _preset_below(days.of(kind)) for kind in DATA_CLASSES})


def _preset_below(days: int) -> int:
    return max((one for one in PRESETS if one <= days), default=days)


def shortened(before: KeepDays, after: KeepDays) -> tuple[DataClass, ...]:
    """Return the kinds that would be kept for fewer days."""
    return tuple(kind for kind in DATA_CLASSES if after.of(kind) < before.of(kind))


def erase_after(*, ended_at: datetime, keep_days: int) -> datetime:
    """Return the instant from which it must be gone.

    The day of the call does not count and the end of the last kept day is meant, both
    in UTC: 30 days from any time on 1 March is 1 April, 00:00.

    Args:
        ended_at: In UTC.
        keep_days: Whole days, 0 or more; 0 means gone by the next midnight.
    """
    return _midnight(ended_at) + timedelta(days=keep_days + 1)


def ended_before(*, before: datetime, keep_days: int) -> datetime:
    """Return the instant before which calls had ended whose time is up at `before`.

    `erase_after` turned round: the end of a call lies before this exactly when its
    `erase_after` is not later than `before`.
    """
    return _midnight(before) - timedelta(days=keep_days)


def refusals(
    days: KeepDays, *, any_number: bool, transcript_outlives: bool
) -> Mapping[DataClass, str]:
    """Return what is wrong with each kind, nothing for a choice that may be made.

    Args:
        any_number: The plan has more than the presets.
        transcript_outlives: It was chosen to keep words longer than their sound.
    """
    wrong = {
        kind: word
        for kind in DATA_CLASSES
        if (word := _refusal(days.of(kind), any_number=any_number))
    }
    if wrong:
        return wrong
    if days.transcript > days.audio and not transcript_outlives:
        wrong[DataClass.TRANSCRIPT] = "longer_than_recording"
    # Whatever is kept of somebody is found by the number.
    if days.metadata < max(days.audio, days.transcript, days.fields):
        wrong[DataClass.METADATA] = "shorter_than_the_rest"
    return wrong


def _refusal(days: int, *, any_number: bool) -> str:
    if not DAYS_AT_LEAST <= days <= DAYS_AT_MOST:
        return "out_of_range"
    return "" if any_number or days in PRESETS else "not_a_preset"


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
