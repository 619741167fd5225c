"""What people write on the pages of single sign-on."""

from django import forms


class AddressForm(forms.Form):
    """The address whose domain says which directory."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Write your e-mail address.",
            "invalid": "This is not an e-mail address. Check for missing letters.",
        },
    )

    def domain(self) -> str:
        """Return the part behind the @, in lower case."""
        return str(self.cleaned_data["email"]).rpartition("@")[2].lower()
