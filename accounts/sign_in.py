"""The sign-in page's view: its hash runs outside every transaction."""

from allauth.account.views import LoginView
from django.http import HttpResponse

from accounts.forms import SignInForm
from accounts.guessing.devices import remember_device
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now


class SignInView(LoginView):  # type: ignore[misc]  # allauth is untyped
    """allauth's view, which opens its transaction once the password is known right."""

    form_class = SignInForm

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Sign the person in, or send them to show their second factor."""
        with signing_in():
            response: HttpResponse = super().form_valid(form)
        # Who has a second factor is not signed in yet, nor is their browser known.
        if self.request.user.is_authenticated:
            people = [form.cleaned_data["login"]]
            remember_device(self.request, response, people=people, now=utc_now())
        return response
