"""The part of a form that asks for which calls somebody will see."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.datastructures import MultiValueDict

from accounts.limit_choices import get_named
from accounts.way_back import read_id


class LimitsForm(forms.Form):
    """Asks for all calls, or those of some places and receptionists."""

    sees = forms.ChoiceField(
        choices=[("all", "all"), ("some", "some")],
        required=False,
        error_messages={"invalid_choice": "Choose which calls they will see."},
    )

    def clean(self) -> dict[str, Any]:
        """Return what was written, with something ticked where some calls are meant."""
        cleaned = super().clean() or self.cleaned_data
        if self.is_limited and not self.ticked:
            self.add_error("sees", "Tick a place or a receptionist, or choose all.")
        return cleaned

    @property
    def ticked(self) -> list[str]:
        """Return the ids of places and receptionists as the form sent them."""
        sent = self.data
        return sent.getlist("only") if isinstance(sent, MultiValueDict) else []

    @property
    def is_limited(self) -> bool:
        """Return whether some calls are meant; ticks alone mean so too."""
        sees = self.data.get("sees", "")
        return bool(self.ticked) if not sees else sees != "all"

    def chosen(self) -> list[Model] | None:
        """Return the rows that were ticked; None for all calls.

        Raises:
            LimitNotFoundError: If one is not this clinic's, or gone meanwhile.
        """
        if not self.is_limited:
            return None
        return get_named([read_id(text) for text in self.ticked])
