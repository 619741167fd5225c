"""The form of what cannot be undone."""

from django import forms
from django.core.exceptions import ValidationError

WORD = "erase"


class EraseForm(forms.Form):
    """Asks for a word, typed, before something is gone for good."""

    word = forms.CharField(max_length=20)

    def clean_word(self) -> str:
        """Return the word.

        Raises:
            ValidationError: If it is another.
        """
        if self.cleaned_data["word"].strip().casefold() != WORD:
            raise ValidationError(f"Write “{WORD}”, or go back.")
        return WORD
