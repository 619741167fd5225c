"""The form that asks for a key, and what it means."""

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from accounts.machines.networks import NetworkError, read_networks
from accounts.machines.scope_words import SCOPE_WORDS
from accounts.machines.services.make_key import LONGEST_LIFE, KeyWish

LIVES: Final = (("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("date", ""))
_DATE: Final = "date"


class KeyForm(forms.Form):
    """What the key is called, what it may read, until when, and from where."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        max_length=100,
        error_messages={"required": "Write which program will use the key."},
    )
    scopes = forms.MultipleChoiceField(
        error_messages={
            "required": "Choose what the program may read.",
            "invalid_choice": "You cannot give this away. Choose fewer.",
        }
    )
    life = forms.ChoiceField(choices=LIVES, initial="90")
    until = forms.DateField(
        required=False, error_messages={"invalid": "This is no date."}
    )
    networks = forms.CharField(required=False, max_length=2_000)

    def __init__(
        self,
        *args: Any,
        scopes: list[str],
        now: datetime,
        zone: ZoneInfo,
        **kwargs: Any,
    ) -> None:
        """Offer the scopes that the person holds; days are those of the clinic."""
        super().__init__(*args, **kwargs)
        self._now, self._zone = now, zone
        offered = forms.MultipleChoiceField(
            choices=[(word, SCOPE_WORDS[word]) for word in scopes],
            error_messages=self.fields["scopes"].error_messages,
        )
        self.fields["scopes"] = offered

    def clean_networks(self) -> list[str]:
        """Return the networks, one a line or with commas between.

        Raises:
            ValidationError: If one of them is none; it says what was meant.
        """
        text = self.cleaned_data["networks"].replace(",", "\n")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        try:
            return read_networks(lines)
        except NetworkError as error:
            raise ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """Return the form with `expires_at`."""
        found = super().clean() or {}
        try:
            found["expires_at"] = self._expires_at(found)
        except ValidationError as error:
            self.add_error("until", error)
        return found

    def wish(self) -> KeyWish:
        """Return what is asked for; the form is valid."""
        asked = self.cleaned_data
        return KeyWish(
            name=asked["name"],
            scopes=asked["scopes"],
            expires_at=asked["expires_at"],
            networks=asked["networks"],
            form_id=asked["form_id"],
        )

    def _expires_at(self, found: dict[str, Any]) -> datetime | None:
        """Return the end of the last day in the clinic's time."""
        life = found.get("life", "")
        if life != _DATE:
            return self._now + timedelta(days=int(life)) if life else None
        if "until" in self.errors:
            return None
        last = found.get("until")
        if last is None:
            raise ValidationError("Write the last day.")
        ends = datetime.combine(last, time(), self._zone) + timedelta(days=1)
        if not self._now < ends <= self._now + LONGEST_LIFE:
            raise ValidationError("Choose a day from today on, within five years.")
        return ends
