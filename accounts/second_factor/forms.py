"""What people write on the pages of their second factor."""

from typing import Final

from django import forms

_NAME_AT_MOST: Final = 64


class CodeForm(forms.Form):
    """Six digits, with or without a space."""

    code = forms.CharField(
        max_length=20,
        strip=True,
        error_messages={
            "required": "Write the six digits that the app shows now.",
            "max_length": "Too long. Write the six digits that the app shows now.",
        },
    )

    def clean_code(self) -> str:
        """Return the digits alone."""
        return str(self.cleaned_data["code"]).replace(" ", "")


class RecoveryForm(forms.Form):
    """A recovery code."""

    code = forms.CharField(
        max_length=40,
        strip=True,
        error_messages={
            "required": "Write one of your recovery codes.",
            "max_length": "Too long. Write one code alone.",
        },
    )


class MailboxForm(forms.Form):
    """The code of a letter."""

    code = forms.CharField(
        max_length=40,
        strip=True,
        error_messages={
            "required": "Write the code from the letter.",
            "max_length": "Too long. Write the code alone.",
        },
    )


class NameForm(forms.Form):
    """What a factor is called."""

    name = forms.CharField(
        max_length=_NAME_AT_MOST,
        strip=True,
        error_messages={
            "required": "Write a name.",
            "max_length": "Too long. At most 64 characters.",
        },
    )


class SetUpForm(CodeForm):
    """The first code of a new app, and what to call it."""

    name = forms.CharField(max_length=_NAME_AT_MOST, strip=True, required=False)

    def clean_name(self) -> str:
        """Return the name, or what such a thing is."""
        return str(self.cleaned_data["name"]) or "Authenticator app"
