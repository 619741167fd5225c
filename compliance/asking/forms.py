"""What a person writes at `/forget-me/`."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from compliance.asking.contact import Contact
from compliance.asking.numbers import read_number
from compliance.asking.services.open_asking import Wish
from compliance.asking.texts import KINDS
from sondervoice.kernel.rights import RightsKind

_LONGEST_WORDS: Final = 1000
# Kinds of which nobody can know what is meant without a word.
_NEEDS_WORDS: Final = frozenset({RightsKind.RECTIFY, RightsKind.OBJECT})
_NOT_MAIL: Final = _("This is not an e-mail address. Check for missing letters.")


class AskForm(forms.Form):
    """Asks what is wanted, and how the person can be known and reached."""

    kind = forms.ChoiceField(
        choices=[(kind.value, label) for kind, (label, _hint) in KINDS.items()],
        initial=RightsKind.ERASE.value,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose what you want.")
        ),
    )
    phone = forms.CharField(
        required=False,
        max_length=40,
        error_messages={"max_length": _("This is too long for a telephone number.")},
    )
    email = forms.EmailField(
        required=False,
        max_length=254,
        error_messages={"invalid": _NOT_MAIL, "max_length": _NOT_MAIL},
    )
    words = forms.CharField(
        required=False,
        max_length=_LONGEST_WORDS,
        error_messages={"max_length": _("Too long. Write at most 1000 letters.")},
    )

    def __init__(self, *args: Any, can_text: bool, **kwargs: Any) -> None:
        """Take whether a telephone can be proven at all."""
        super().__init__(*args, **kwargs)
        for validator in self.fields["email"].validators:
            if hasattr(validator, "message"):
                validator.message = _NOT_MAIL
        if not can_text:
            del self.fields["phone"]

    def clean_phone(self) -> str:
        """Return the number as E.164, or empty.

        Raises:
            ValidationError: If it is none.
        """
        written = str(self.cleaned_data["phone"])
        number = read_number(written)
        if written and not number:
            raise ValidationError(
                _("Write the whole number, as 312 555 0136 or +49 221 5550199.")
            )
        return number

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """Return what was written.

        Raises:
            ValidationError: If nobody could be reached, or nobody knows what is meant.
        """
        cleaned = super().clean() or self.cleaned_data
        first = "phone" if "phone" in self.fields else "email"
        if not (self.errors or cleaned.get("phone") or cleaned.get("email")):
            self.add_error(first, _("Write one of the two, so that we can reach you."))
        if cleaned.get("kind") in _NEEDS_WORDS and not cleaned.get("words"):
            self.add_error("words", _("Write what you mean, in a few words."))
        return cleaned

    def wish(self, *, language: str) -> Wish:
        """Return it as the service wants it."""
        found = self.cleaned_data
        return Wish(
            kind=RightsKind(found["kind"]),
            contact=Contact(
                phone_e164=found.get("phone", ""),
                email=found["email"],
                words=found["words"],
            ),
            language=language,
        )


class CodeForm(forms.Form):
    """Asks for the six digits."""

    code = forms.CharField(
        max_length=20,
        error_messages=dict.fromkeys(
            ("required", "max_length"), _("Write the 6 digits.")
        ),
    )
