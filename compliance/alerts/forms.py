"""From how many on a clinic is told, as it is written."""

from dataclasses import asdict

from django import forms
from django.http import QueryDict

from compliance.alerts.rules import BOUNDS, Thresholds
from compliance.alerts.thresholds import NAMES


class ThresholdsForm(forms.Form):
    """Whole numbers within their bounds, and two things to be told or not."""

    def __init__(self, written: QueryDict | None = None, *, now: Thresholds) -> None:
        """Begin with what holds now."""
        super().__init__(written, initial=asdict(now))
        for name in NAMES:
            if name in BOUNDS:
                low, high = BOUNDS[name]
                words = f"Write a whole number from {low} to {high:,}."
                kinds = ("required", "invalid", "min_value", "max_value")
                self.fields[name] = forms.IntegerField(
                    min_value=low,
                    max_value=high,
                    error_messages=dict.fromkeys(kinds, words),
                )
            else:
                self.fields[name] = forms.BooleanField(required=False)

    def thresholds(self) -> Thresholds:
        """Return what was written, once the form is valid."""
        return Thresholds(**self.cleaned_data)
