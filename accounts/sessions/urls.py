"""A person's own sessions, under `/accounts/sessions/`."""

from django.urls import path

from accounts.sessions import views

urlpatterns = [
    path("", views.own_sessions, name="own-sessions"),
    path("end/", views.end_sessions, name="end-sessions"),
    path("stay/", views.stay_signed_in, name="stay-signed-in"),
]
