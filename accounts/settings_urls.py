"""The pages under `/app/` that are about people and access."""

from django.urls import include, path

from accounts.machines import views as machines
from accounts.operators import clinic_views as operators
from accounts.second_factor.member_views import reset_factor
from accounts.sessions.security import limits_change, security
from accounts.settings_pages import settings, start

urlpatterns = [
    path("start/", start, name="start"),
    path("settings/", settings, name="settings"),
    path("settings/keys/", machines.key_list, name="key-list"),
    path("settings/keys/new/", machines.key_make, name="key-make"),
    path("settings/keys/<uuid:key_id>/end/", machines.key_end, name="key-end"),
    path(
        "settings/people/<uuid:membership_id>/second-factor/",
        reset_factor,
        name="member-factor-reset",
    ),
    path("settings/security/", security, name="security"),
    path("settings/security/limits/", limits_change, name="limits-change"),
    path("settings/", include("accounts.clinics.settings_urls")),
    path("settings/people/", include("accounts.joining.settings_urls")),
    path("settings/roles/", include("accounts.roles.settings_urls")),
    path("", include("accounts.sso.settings_urls")),
    path("settings/operators/", operators.help_page, name="operator-help"),
    path("settings/operators/help/", operators.turn_help, name="operator-help-turn"),
    path(
        "settings/operators/<uuid:session_id>/end/",
        operators.send_operator_away,
        name="operator-send-away",
    ),
    path("operator/end/", operators.leave_clinic, name="operator-session-end"),
]
