"""Fields that several forms of people and clinics have, in plain words."""

import re
from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.joining.places import countries, states, zone_names
from accounts.models import User

# What stands in a letter must be no address of somebody else, and one line.
_NO_NAME: Final = re.compile(r"[\x00-\x1f\x7f<>]|://|www\.", re.IGNORECASE)


def check_name(value: str) -> None:
    """Let a name pass that can stand in a letter.

    Raises:
        ValidationError: If it holds an address of the web or a control character.
    """
    if _NO_NAME.search(value):
        raise ValidationError("Write a name, without web addresses.")


class NameField(forms.CharField):
    """A name of a person or a clinic."""

    def __init__(self, *, missing: str) -> None:
        """Say what to write when it is missing."""
        super().__init__(
            max_length=200,
            strip=True,
            validators=[check_name],
            error_messages={
                "required": missing,
                "max_length": "Too long. Write at most 200 letters.",
            },
        )


class AddressField(forms.EmailField):
    """An e-mail address, in lower case."""

    def __init__(self) -> None:
        """Say what is wrong with it."""
        words = "This is not an e-mail address. Check for missing letters."
        super().__init__(
            max_length=254,
            error_messages={
                "required": "Write the e-mail address.",
                "invalid": words,
                "max_length": words,
            },
        )
        for validator in self.validators:
            if hasattr(validator, "message"):
                validator.message = words

    def clean(self, value: Any) -> Any:
        """Return it in lower case."""
        return super().clean(value).lower()


class ZoneField(forms.CharField):
    """A time zone that is named after a place."""

    def __init__(self) -> None:
        """Say what to choose."""
        super().__init__(
            max_length=64, error_messages={"required": "Choose a time zone."}
        )

    def clean(self, value: Any) -> Any:
        """Return the zone's name.

        Raises:
            ValidationError: If there is no zone of this name.
        """
        name = super().clean(value)
        if name not in zone_names():
            raise ValidationError("Choose one from the list, as America/Chicago.")
        return name


class PlaceForm(forms.Form):
    """Where a clinic is."""

    country = forms.ChoiceField(
        error_messages={
            "required": "Choose a country.",
            "invalid_choice": "Choose a country from the list.",
        }
    )
    state = forms.ChoiceField(
        required=False,
        error_messages={"invalid_choice": "Choose a state from the list."},
    )
    timezone = ZoneField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill the lists."""
        super().__init__(*args, **kwargs)
        first = [("", "Choose a country")]
        self.fields["country"].choices = [*first, *countries().items()]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", "No state"), *states().items()]  # type: ignore[attr-defined]

    def clean_state(self) -> str:
        """Return the state.

        Raises:
            ValidationError: If it lies in another country.
        """
        state = str(self.cleaned_data["state"])
        country = self.cleaned_data.get("country")
        if state and country and not state.startswith(f"{country}-"):
            raise ValidationError("This state lies in another country.")
        return state


def check_password_for(password: str, *, email: str, full_name: str) -> None:
    """Let a good password pass.

    Raises:
        ValidationError: If it is short, common, or like the person's name or address.
    """
    validate_password(password, User(email=email, full_name=full_name))
