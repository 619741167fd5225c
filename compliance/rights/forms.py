"""What a clinic writes about a person's request."""

from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict

from compliance.rights.due_dates import may_extend_to
from compliance.rights.services.decide import REASON_AT_MOST
from compliance.rights.services.open_request import WORDS_AT_MOST, Entered
from compliance.rights.words import GROUNDS, KINDS, VERIFIED
from sondervoice.kernel.rights import Person, RightsKind

# What is typed before all of a person's data goes for good.
ERASE_WORD: Final = "erase"
_SAY_WHY: Final = {"required": "Say why."}


class EnterForm(forms.Form):
    """Who asked at the clinic itself, what for, and how staff made sure of them."""

    kind = forms.ChoiceField(choices=list(KINDS.items()))
    number = forms.CharField(
        max_length=20, error_messages={"required": "Write the number they call from."}
    )
    email = forms.EmailField(required=False)
    verified = forms.ChoiceField(choices=list(VERIFIED.items()))
    words = forms.CharField(required=False, max_length=WORDS_AT_MOST)

    def clean_number(self) -> str:
        """Return the number as E.164."""
        written: str = self.cleaned_data["number"]
        number = "".join(sign for sign in written if sign not in " ().-\t")
        digits = number.removeprefix("+")
        is_whole = number.startswith("+") and digits.isascii() and digits.isdecimal()
        if not is_whole or not 7 <= len(digits) <= 15:
            raise forms.ValidationError("Write the number with its country: +1 312 …")
        return number

    def entered(self) -> Entered:
        """Return what was written, once the form is valid."""
        given = self.cleaned_data
        return Entered(
            kind=RightsKind(given["kind"]),
            person=Person(phone_e164=given["number"], email=given["email"]),
            words=given["words"],
            verified=given["verified"],
        )


class ApproveForm(forms.Form):
    """A yes; to erase with a word that is typed, to correct with a tick that it is."""

    word = forms.CharField(required=False, max_length=20)
    corrected = forms.BooleanField(required=False)

    def __init__(self, written: QueryDict | None = None, *, kind: str) -> None:
        """Ask for the word where all goes for good, for the tick before an answer."""
        super().__init__(written)
        self.asks_word = kind == RightsKind.ERASE
        self.asks_corrected = kind == RightsKind.RECTIFY

    def clean(self) -> dict[str, Any]:
        """Compare the word, look at the tick."""
        given: dict[str, Any] = super().clean() or {}
        typed = given.get("word", "").strip().lower()
        if self.asks_word and typed != ERASE_WORD:
            self.add_error("word", f"Type {ERASE_WORD}.")
        if self.asks_corrected and not given.get("corrected"):
            self.add_error("corrected", "Correct it first, then tick this.")
        return given


class RefuseForm(forms.Form):
    """Which reason of the law's, and the clinic's own words."""

    ground = forms.ChoiceField(choices=list(GROUNDS.items()))
    words = forms.CharField(max_length=REASON_AT_MOST, error_messages=_SAY_WHY)


class ExtendForm(forms.Form):
    """Until when, and why."""

    until = forms.DateField(error_messages={"required": "Name a day."})
    reason = forms.CharField(max_length=REASON_AT_MOST, error_messages=_SAY_WHY)

    def __init__(self, written: QueryDict | None = None, *, due: date) -> None:
        """Propose the latest day there is."""
        last = may_extend_to(due)
        super().__init__(written, initial={"until": last.isoformat()})
        self._due, self._last = due, last

    def clean_until(self) -> date:
        """Return a day that is later, and not too late."""
        day: date = self.cleaned_data["until"]
        if not self._due < day <= self._last:
            raise forms.ValidationError(
                f"Name a day after {self._due:%-d %B %Y}, at the latest "
                f"{self._last:%-d %B %Y}."
            )
        return day


class LiftForm(forms.Form):
    """Why a mark is lifted."""

    reason = forms.CharField(max_length=REASON_AT_MOST, error_messages=_SAY_WHY)


class NameForm(forms.Form):
    """A name as it should be."""

    keeper = forms.CharField(max_length=60)
    item = forms.UUIDField()
    text = forms.CharField(
        max_length=200, error_messages={"required": "Write the name."}
    )
