"""The forms of coming in: sign-up, invitation, acceptance."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.joining.fields import (
    AddressField,
    NameField,
    PlaceForm,
    check_password_for,
)
from accounts.joining.places import served_regions
from accounts.joining.services.ask_sign_up import SignUpWish
from accounts.joining.services.invite_person import DAYS, DAYS_AT_MOST
from accounts.limits_form import LimitsForm
from accounts.roles.selectors.standings import RoleChoice
from accounts.services.create_organization import ClinicDetails


def _password() -> forms.CharField:
    return forms.CharField(
        strip=False, max_length=200, error_messages={"required": "Write a password."}
    )


class NewClinicForm(PlaceForm):
    """Asks for a clinic."""

    clinic_name = NameField(missing="Write the clinic’s name.")  # noqa: RUF001
    region = forms.ChoiceField(
        choices=served_regions,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose where the data rests."
        ),
    )

    def details(self) -> ClinicDetails:
        """Return the clinic as the service wants it."""
        found = self.cleaned_data
        return ClinicDetails(
            name=found["clinic_name"],
            timezone=found["timezone"],
            country=found["country"],
            jurisdiction=found["state"] or found["country"],
            region=found["region"],
        )


class SignUpForm(NewClinicForm):
    """Asks for a clinic and its owner."""

    full_name = NameField(missing="Write your name.")
    email = AddressField()
    password = _password()

    def clean(self) -> dict[str, Any]:
        """Return what was written, with a password that is good enough."""
        cleaned = super().clean() or self.cleaned_data
        _judge_password(self, email=cleaned.get("email", ""))
        return cleaned

    def wish(self, hashed_password: str) -> SignUpWish:
        """Return it as the service wants it, with the hash of what was written."""
        found = self.cleaned_data
        return SignUpWish(
            email=found["email"],
            full_name=found["full_name"],
            hashed_password=hashed_password,
            clinic=self.details(),
        )


class NewPersonForm(forms.Form):
    """Asks an invited person for name and password; the address is the invitation's."""

    full_name = NameField(missing="Write your name.")
    password = _password()

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        """Take the address that the password may not be like."""
        super().__init__(*args, **kwargs)
        self._email = email

    def clean(self) -> dict[str, Any]:
        """Return what was written, with a password that is good enough."""
        cleaned = super().clean() or self.cleaned_data
        _judge_password(self, email=self._email)
        return cleaned


class InviteForm(LimitsForm):
    """Asks whom to invite, as what, for how long, and which calls they will see."""

    email = AddressField()
    role = forms.CharField(max_length=40, error_messages={"required": "Choose a role."})
    days = forms.IntegerField(
        min_value=1,
        max_value=DAYS_AT_MOST,
        initial=DAYS,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Write a number of days from 1 to {DAYS_AT_MOST}.",
        ),
    )


class RoleForm(forms.Form):
    """Asks for a role: the word of one of ours, or the id of the clinic's own."""

    role = forms.CharField(max_length=40, error_messages={"required": "Choose a role."})


class CloseAccountForm(forms.Form):
    """Asks for the person's own address, typed, before their account is closed."""

    email = AddressField()

    def __init__(self, *args: Any, own_email: str, **kwargs: Any) -> None:
        """Take the address that must be typed."""
        super().__init__(*args, **kwargs)
        self._own_email = own_email

    def clean_email(self) -> str:
        """Return the address.

        Raises:
            ValidationError: If it is another.
        """
        if self.cleaned_data["email"] != self._own_email:
            raise ValidationError("This is not your address. Write it as above.")
        return self._own_email


class ClinicNameForm(forms.Form):
    """Asks for the clinic's name, typed, before something that hurts."""

    name = forms.CharField(
        max_length=200,
        error_messages={"required": "Write the clinic’s name."},  # noqa: RUF001
    )

    def __init__(self, *args: Any, clinic_name: str, **kwargs: Any) -> None:
        """Take the name that must be typed."""
        super().__init__(*args, **kwargs)
        self._clinic_name = clinic_name

    def clean_name(self) -> str:
        """Return the name.

        Raises:
            ValidationError: If it is another.
        """
        name = str(self.cleaned_data["name"]).strip()
        if name.casefold() != self._clinic_name.strip().casefold():
            raise ValidationError("This is not the clinic’s name. Write it as above.")  # noqa: RUF001
        return name


def options(choices: list[RoleChoice]) -> list[tuple[str, str]]:
    """Return roles as a list to choose from shows them."""
    return [(one.word, one.name.capitalize()) for one in choices]


def _judge_password(form: forms.Form, *, email: str) -> None:
    password = form.cleaned_data.get("password")
    if not password:
        return
    try:
        name = form.cleaned_data.get("full_name", "")
        check_password_for(password, email=email, full_name=name)
    except ValidationError as error:
        form.add_error("password", error)
