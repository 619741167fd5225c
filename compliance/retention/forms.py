"""What a clinic writes about keeping and holding."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from compliance.retention.models import LegalHold
from compliance.retention.rules import (
    DAYS_AT_LEAST,
    DAYS_AT_MOST,
    PRESETS,
    KeepDays,
    refusals,
)
from compliance.retention.services.place_hold import REASON_AT_MOST, Wanted
from sondervoice.kernel.personal_data import DATA_CLASSES

_WRONG: Final[Mapping[str, str]] = {
    "out_of_range": f"Write a whole number from {DAYS_AT_LEAST} to {DAYS_AT_MOST}.",
    "not_a_preset": "Your plan has 30, 90, 180 and 365 days.",
    "longer_than_recording": "Longer than the recording. Shorten it, or tick the box.",
    "shorter_than_the_rest": "Keep it as long as the longest of the three above. "
    "Without the number nobody finds the rest, to hand it out, erase it or hold it.",
}
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_SPACING: Final = re.compile(r"[\s().\-]")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class RetentionForm(forms.Form):
    """Four numbers of days, and whether words may outlive their sound."""

    def __init__(
        self,
        written: QueryDict | None = None,
        *,
        days: KeepDays,
        transcript_outlives: bool,
        any_number: bool,
    ) -> None:
        """Offer presets alone where the plan has no more."""
        now: dict[str, Any] = {str(kind): days.of(kind) for kind in DATA_CLASSES}
        super().__init__(
            written, initial=now | {"transcript_outlives": transcript_outlives}
        )
        self.any_number = any_number
        self.presets = PRESETS
        for kind in DATA_CLASSES:
            words = _WRONG["out_of_range"]
            errors = dict.fromkeys(("required", "invalid"), words)
            self.fields[str(kind)] = forms.IntegerField(error_messages=errors)
        self.fields["transcript_outlives"] = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Say beside each number what is wrong with it."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            wrong = refusals(
                self.days(),
                any_number=self.any_number,
                transcript_outlives=given["transcript_outlives"],
            )
            for kind, word in wrong.items():
                self.add_error(str(kind), _WRONG[word])
        return given

    def days(self) -> KeepDays:
        """Return what was written."""
        return KeepDays(**{kind: self.cleaned_data[kind] for kind in DATA_CLASSES})


class HoldForm(forms.Form):
    """What is to be held, why, and when to ask again.

    A call is named by its address or its id; days are of the clinic's own calendar,
    both included.
    """

    scope = forms.ChoiceField(choices=LegalHold.Scope.choices)
    call = forms.CharField(required=False, max_length=300)
    number = forms.CharField(required=False, max_length=40)
    first_day = forms.DateField(required=False)
    last_day = forms.DateField(required=False)
    reason = forms.CharField(
        max_length=REASON_AT_MOST, error_messages={"required": "Say why."}
    )
    review_on = forms.DateField(error_messages={"required": "Name a day."})

    def __init__(
        self, written: QueryDict | None = None, *, today: date, zone: ZoneInfo
    ) -> None:
        """Propose to look again in half a year."""
        initial = {"review_on": _proposed(today), "scope": "call"}
        super().__init__(written, initial=initial)
        self._today, self._zone = today, zone

    def clean_review_on(self) -> date:
        """Return a day that is still to come."""
        return _to_come(self.cleaned_data["review_on"], self._today)

    def clean(self) -> dict[str, Any]:
        """Ask for what the scope needs."""
        given: dict[str, Any] = super().clean() or {}
        scope = given.get("scope")
        if scope == "call" and not _UUID.search(given.get("call", "")):
            self.add_error("call", "Paste the address of the call's page.")
        if scope == "caller" and not _E164.fullmatch(_spaceless(given)):
            self.add_error("number", "Write the number with its country: +1 312 …")
        if scope == "period":
            self._check_days(given)
        return given

    def _check_days(self, given: Mapping[str, Any]) -> None:
        first, last = given.get("first_day"), given.get("last_day")
        if first is None or last is None or last < first:
            self.add_error("last_day", "Name the first and the last day.")

    def wanted(self) -> Wanted:
        """Return what was written, once the form is valid."""
        given = self.cleaned_data
        scope = LegalHold.Scope(given["scope"])
        named = _UUID.search(given["call"]) if scope == LegalHold.Scope.CALL else None
        is_period = scope == LegalHold.Scope.PERIOD
        return Wanted(
            scope=scope,
            call_id=UUID(named.group()) if named else None,
            caller_e164=_spaceless(given) if scope == LegalHold.Scope.CALLER else "",
            since=self._start(given["first_day"]) if is_period else None,
            until=self._start(given["last_day"] + timedelta(days=1))
            if is_period
            else None,
            reason=given["reason"],
            review_on=given["review_on"],
        )

    def _start(self, day: date) -> datetime:
        """Return the first instant of a day of the clinic's."""
        return datetime.combine(day, time.min, tzinfo=self._zone)


class ReviewForm(forms.Form):
    """When to ask again whether something is still to be held."""

    review_on = forms.DateField(error_messages={"required": "Name a day."})

    def __init__(self, written: QueryDict | None = None, *, today: date) -> None:
        """Propose to look again in half a year."""
        super().__init__(written, initial={"review_on": _proposed(today)})
        self._today = today

    def clean_review_on(self) -> date:
        """Return a day that is still to come."""
        return _to_come(self.cleaned_data["review_on"], self._today)


class ReleaseForm(forms.Form):
    """Why something is let go."""

    reason = forms.CharField(
        max_length=REASON_AT_MOST, error_messages={"required": "Say why."}
    )


def _proposed(today: date) -> str:
    """Return half a year on, as a browser's field of a day has it."""
    return (today + timedelta(days=182)).isoformat()


def _to_come(day: date, today: date) -> date:
    if day <= today:
        raise forms.ValidationError("Name a day that is still to come.")
    return day


def _spaceless(given: Mapping[str, Any]) -> str:
    return _SPACING.sub("", given.get("number", ""))
