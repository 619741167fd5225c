"""What an owner writes to close the clinic's account."""

from django import forms

from accounts.joining.forms import ClinicNameForm


class CloseForm(ClinicNameForm):
    """The clinic's name, typed, and when calls stop."""

    calls = forms.ChoiceField(
        choices=[
            ("grace", "Until the last day"),
            ("now", "No more from now on"),
        ],
        initial="grace",
        error_messages={"required": "Say when calls stop."},
    )

    @property
    def stops_at_once(self) -> bool:
        """Return what was chosen, once the form is valid."""
        return bool(self.cleaned_data["calls"] == "now")
