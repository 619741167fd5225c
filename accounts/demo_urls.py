"""The demo's sign-in link and its mailbox, included under `/accounts/`."""

from django.urls import path

from accounts.demo_mail import demo_mail
from accounts.demo_sign_in import demo_sign_in

urlpatterns = [
    path("demo/mail/", demo_mail, name="demo-mail"),
    path("demo/mail/<str:name>/", demo_mail, name="demo-letter"),
    path("demo/<str:uidb64>/<str:token>/", demo_sign_in, name="demo-sign-in"),
]
