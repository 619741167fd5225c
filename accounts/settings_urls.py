"""The pages under `/app/` that are about people and access."""

from django.urls import include, path

from accounts.settings_pages import settings, start

urlpatterns = [
    path("start/", start, name="start"),
    path("settings/", settings, name="settings"),
    path("", include("accounts.sso.settings_urls")),
]
