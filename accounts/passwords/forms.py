"""What the pages about passwords ask for."""

from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User

# Enough for any sentence; a longer one would only be work.
CHARACTERS_AT_MOST: Final = 256


def password_field(empty: str) -> forms.CharField:
    """Return a field that keeps every character as it was typed."""
    return forms.CharField(
        strip=False,
        max_length=CHARACTERS_AT_MOST,
        error_messages={
            "required": empty,
            "max_length": f"Too long. Use {CHARACTERS_AT_MOST} characters at most.",
        },
    )


class AskResetForm(forms.Form):
    """Whose password was forgotten."""

    email = forms.EmailField(
        error_messages={
            "required": "Write your e-mail address.",
            "invalid": "This is not an e-mail address. Check for missing letters.",
        }
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    new_password = password_field("Write a new password.")
    again = password_field("Write it once more.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take whose it will be: it may not look like their name or address."""
        super().__init__(*args, **kwargs)
        self._user = user

    def clean(self) -> dict[str, Any]:
        """Return both, once they are the same and strong enough."""
        cleaned: dict[str, Any] = super().clean() or {}
        new, again = cleaned.get("new_password"), cleaned.get("again")
        if new is None or again is None:
            return cleaned
        if new != again:
            self.add_error("again", "These two are not the same. Write both anew.")
            return cleaned
        try:
            validate_password(new, self._user)
        except ValidationError as error:
            self.add_error("new_password", error)
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    """The old password, and a new one."""

    old_password = password_field("Write the password you have now.")
