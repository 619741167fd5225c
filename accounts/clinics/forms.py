"""The form of a clinic's own page."""

from django import forms

from accounts.joining.fields import NameField, ZoneField


class ClinicForm(forms.Form):
    """Asks for what a clinic may change of itself."""

    name = NameField(missing="Write the clinic’s name.")  # noqa: RUF001
    timezone = ZoneField()
