"""Sign in and out, and which clinic. The names in `account_` are allauth's."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path("logout/", views.sign_out, name="account_logout"),
    path("clinics/", views.clinics, name="clinics"),
    path("clinics/<uuid:organization_id>/", views.choose_clinic, name="choose-clinic"),
    path("second-factor/", include("accounts.second_factor.urls")),
    path("sessions/", include("accounts.sessions.urls")),
    path("password/", include("accounts.passwords.urls")),
    path("inactive/", views.inactive, name="account_inactive"),
    path("agency/", include("accounts.agencies.urls")),
    path("", include("accounts.joining.urls")),
]
