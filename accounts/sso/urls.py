"""The roads in by somebody else's word, under `/sso/`."""

from django.urls import path

from accounts.sso import views

urlpatterns = [
    path("", views.sign_in, name="sso-sign-in"),
    path("begin/<slug:road>/", views.begin, name="sso-begin"),
    path("callback/", views.callback, name="sso-callback"),
]
