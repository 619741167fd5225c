"""The numbers a clinic chooses for signing in."""

from typing import Any

from django import forms

from accounts.models import IDLE_MINUTES_AT_MOST, SESSION_HOURS_AT_MOST, Organization
from accounts.sessions.limits import STRICT_IDLE_MINUTES
from accounts.sessions.services.change_limits import Limits

_TOKEN_MINUTES_AT_MOST = 60


def idle_at_most(organization: Organization) -> int:
    """Return the longest quiet time that the clinic may choose, in minutes."""
    return STRICT_IDLE_MINUTES if organization.hipaa_mode else IDLE_MINUTES_AT_MOST


class LimitsForm(forms.Form):
    """Three whole numbers within their bounds."""

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        """Say in each field's words what may be chosen."""
        now = {
            "idle_minutes": min(organization.idle_minutes, idle_at_most(organization)),
            "session_hours": organization.session_hours,
            "access_token_minutes": organization.access_token_minutes,
        }
        super().__init__(*args, initial=now, **kwargs)
        self._bound("idle_minutes", idle_at_most(organization))
        self._bound("session_hours", SESSION_HOURS_AT_MOST)
        self._bound("access_token_minutes", _TOKEN_MINUTES_AT_MOST)

    def _bound(self, name: str, at_most: int) -> None:
        words = f"Write a whole number from 1 to {at_most}."
        kinds = ("required", "invalid", "min_value", "max_value")
        self.fields[name] = forms.IntegerField(
            min_value=1, max_value=at_most, error_messages=dict.fromkeys(kinds, words)
        )

    def limits(self) -> Limits:
        """Return what was written, once the form is valid."""
        return Limits(**self.cleaned_data)
