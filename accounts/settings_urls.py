"""The pages under `/app/` that are about people and access."""

from django.urls import include, path

from accounts.settings_pages import settings, start

urlpatterns = [
    path("start/", start, name="start"),
    path("settings/", settings, name="settings"),
    path("settings/", include("accounts.clinics.settings_urls")),
    path("settings/people/", include("accounts.joining.settings_urls")),
    path("settings/roles/", include("accounts.roles.settings_urls")),
]
