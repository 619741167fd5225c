"""The sign-in form, in plain words."""

from typing import Any, Final

from allauth.account.forms import LoginForm
from django.core.exceptions import ValidationError

_WORDS: Final = {
    # One sentence for every wrong pair: it tells nobody which addresses we know.
    "email_password_mismatch": "E-mail or password is wrong.",
}


class SignInForm(LoginForm):  # type: ignore[misc]  # untyped
    """allauth's form; the words are ours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what is missing, too."""
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages = {
            "required": "Write your e-mail address.",
            "invalid": "This is not an e-mail address. Check for missing letters.",
        }
        self.fields["password"].error_messages["required"] = "Write your password."
        for validator in self.fields["login"].validators:
            validator.message = self.fields["login"].error_messages["invalid"]

    def clean(self) -> Any:
        """Return the cleaned pair.

        Raises:
            ValidationError: If they do not belong together, or after too many tries.
        """
        try:
            return super().clean()
        except ValidationError as error:
            words = _WORDS.get(error.code or "")
            if words is None:
                raise
            raise ValidationError(words, code=error.code) from None
