"""The demo's sign-in link, included under `/accounts/`."""

from django.urls import path

from accounts.demo_sign_in import demo_sign_in

urlpatterns = [
    path("demo/<str:uidb64>/<str:token>/", demo_sign_in, name="demo-sign-in"),
]
