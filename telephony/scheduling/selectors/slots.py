"""Free places in the diary, as the receptionist offers them."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from telephony.scheduling.models import Appointment, Slot

OFFERED_AT_MOST: Final = 3
# Nobody can be in the clinic sooner than this.
NOTICE: Final = timedelta(hours=2)
HORIZON: Final = timedelta(days=42)


def list_free_slots(
    *,
    now: datetime,
    timezone: str,
    on: datetime | None = None,
    near_minutes: int | None = None,
    hours: tuple[int | None, int | None] = (None, None),
    phone_index: bytes | None = None,
) -> list[Slot]:
    """Return at most three free slots that fit best, earliest first.

    The wish narrows; a day without a fitting place answers with the next ones after it.

    Args:
        on: Any instant of the wished day in the clinic's zone.
        near_minutes: Minutes after local midnight wished for.
        hours: Earliest hour and latest, exclusive, local.
        phone_index: Of the caller's number: nobody is offered a second appointment at
            the time of one they have.
    """
    zone = ZoneInfo(timezone)
    earliest = now + NOTICE
    if on is not None:
        midnight = datetime.combine(on.astimezone(zone).date(), time(), zone)
        earliest = max(earliest, midnight)
        same_day = _fitting(
            _free(earliest, midnight + timedelta(days=1), phone_index),
            zone,
            hours,
            near_minutes,
        )
        if same_day:
            return same_day
    slots = _free(earliest, now + HORIZON, phone_index)
    return _fitting(slots, zone, hours, near_minutes)


def _free(
    since: datetime, until: datetime, phone_index: bytes | None
) -> QuerySet[Slot]:
    booked = Appointment.objects.filter(status="booked")
    own = booked.filter(
        patient_phone_index=phone_index,
        slot__starts_at__lt=OuterRef("ends_at"),
        slot__ends_at__gt=OuterRef("starts_at"),
    )
    return (
        Slot.objects.filter(starts_at__gte=since, starts_at__lt=until)
        .exclude(Exists(booked.filter(slot=OuterRef("pk"))))
        .exclude(Exists(own))
        .select_related("practitioner", "kind")
        .order_by("starts_at", "id")
    )


def _fitting(
    slots: QuerySet[Slot],
    zone: ZoneInfo,
    hours: tuple[int | None, int | None],
    near_minutes: int | None,
) -> list[Slot]:
    first_hour, last_hour = hours[0] or 0, hours[1] or 24
    fitting: dict[datetime, Slot] = {}
    for slot in slots[:600]:
        local = slot.starts_at.astimezone(zone)
        if first_hour <= local.hour < last_hour:
            fitting.setdefault(slot.starts_at, slot)
    found = list(fitting.values())
    if near_minutes is not None and found:
        day = found[0].starts_at.astimezone(zone).date()
        found = [s for s in found if s.starts_at.astimezone(zone).date() == day]
        found.sort(key=lambda slot: _distance(slot, zone, near_minutes))
    return sorted(
        found[:OFFERED_AT_MOST], key=lambda slot: _distance(slot, zone, near_minutes)
    )


def _distance(
    slot: Slot, zone: ZoneInfo, near_minutes: int | None
) -> tuple[float, datetime]:
    if near_minutes is None:
        return 0, slot.starts_at
    local = slot.starts_at.astimezone(zone)
    return abs(local.hour * 60 + local.minute - near_minutes), slot.starts_at
