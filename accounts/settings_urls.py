"""The pages under `/app/` that are about people and access."""

from django.urls import path

from accounts.operators import clinic_views as operators
from accounts.settings_pages import settings, start

urlpatterns = [
    path("start/", start, name="start"),
    path("settings/", settings, name="settings"),
    path("settings/operators/", operators.help_page, name="operator-help"),
    path("settings/operators/help/", operators.turn_help, name="operator-help-turn"),
    path(
        "settings/operators/<uuid:session_id>/end/",
        operators.send_operator_away,
        name="operator-send-away",
    ),
    path("operator/end/", operators.leave_clinic, name="operator-session-end"),
]
