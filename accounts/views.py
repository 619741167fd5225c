"""Coming in and going out."""

from allauth.account.views import AccountInactiveView, LoginView, LogoutView

from accounts.access import public
from accounts.forms import SignInForm

sign_in = public("people sign in here")(LoginView.as_view(form_class=SignInForm))
sign_out = public("anybody may sign out")(LogoutView.as_view())
inactive = public("says that the account is closed")(AccountInactiveView.as_view())
