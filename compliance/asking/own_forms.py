"""What people with an account write about their own data, and what is answered."""

from typing import Final

from django import forms

from compliance.asking.services.answer_privacy import PUT_OFF_AT_MOST
from sondervoice.kernel.rights import RightsKind

# What nobody can do for oneself; all else stands on the page as a link or a button.
ASKED_OF_US: Final = (RightsKind.RESTRICT, RightsKind.OBJECT, RightsKind.RECTIFY)
_DAYS: Final = f"Write a number of days from 1 to {PUT_OFF_AT_MOST.days}."


class AskPrivacyForm(forms.Form):
    """Asks which right, and what is meant."""

    kind = forms.ChoiceField(
        choices=[(one.value, one.value) for one in ASKED_OF_US],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose what you want."
        ),
    )
    words = forms.CharField(
        max_length=1000,
        error_messages={
            "required": "Write what you mean, in a few words.",
            "max_length": "Too long. Write at most 1000 letters.",
        },
    )


class PutOffForm(forms.Form):
    """Asks for how long, and why."""

    days = forms.IntegerField(
        min_value=1,
        max_value=PUT_OFF_AT_MOST.days,
        label="Days",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _DAYS
        ),
    )
    reason = forms.CharField(
        max_length=1000,
        label="Reason",
        error_messages={"required": "Write why. The person reads it."},
    )


class AnswerForm(forms.Form):
    """Asks whether it was done, and what the person is told."""

    outcome = forms.ChoiceField(
        choices=[("done", "Done"), ("refused", "Refused")],
        label="Outcome",
        error_messages={"required": "Choose whether it was done."},
    )
    words = forms.CharField(
        max_length=2000,
        label="Answer",
        error_messages={"required": "Write what the person is told."},
    )

    @property
    def is_done(self) -> bool:
        """Return whether it was done."""
        return bool(self.cleaned_data["outcome"] == "done")
