"""The pages under `/app/` that are about people and access."""

from django.urls import path

from accounts.machines import views as machines
from accounts.settings_pages import settings, start

urlpatterns = [
    path("start/", start, name="start"),
    path("settings/", settings, name="settings"),
    path("settings/keys/", machines.key_list, name="key-list"),
    path("settings/keys/new/", machines.key_make, name="key-make"),
    path("settings/keys/<uuid:key_id>/end/", machines.key_end, name="key-end"),
]
