"""The form of a role of the clinic's own."""

from django import forms

from accounts.permissions import Permission


class CustomRoleForm(forms.Form):
    """Asks for a name and what the role may do."""

    name = forms.CharField(
        max_length=60,
        strip=True,
        error_messages={
            "required": "Write a name.",
            "max_length": "Too long. Write at most 60 letters.",
        },
    )
    permissions = forms.TypedMultipleChoiceField(
        choices=[(one.value, one.value) for one in Permission],
        coerce=Permission,
        error_messages={
            "required": "Choose at least one thing that the role may do.",
            "invalid_choice": "There is no such permission.",
        },
    )
