"""The set-up of a clinic's directory, and the page that sends people to it."""

from django.urls import path, re_path

from accounts.sso import line_views, settings_views, wanted_views

_HERE = "settings/single-sign-on"

urlpatterns = [
    path("directory/", wanted_views.wanted, name="sso-wanted"),
    path(f"{_HERE}/", settings_views.overview, name="sso-settings"),
    path(f"{_HERE}/directory/", settings_views.edit, name="sso-edit"),
    path(f"{_HERE}/directory/calls/<int:number>/", line_views.calls, name="sso-calls"),
    path(f"{_HERE}/domains/", settings_views.add, name="sso-domain-add"),
    path(
        f"{_HERE}/domains/<uuid:domain_id>/check/",
        settings_views.check,
        name="sso-domain-check",
    ),
    path(
        f"{_HERE}/domains/<uuid:domain_id>/remove/",
        settings_views.remove,
        name="sso-domain-remove",
    ),
    path(f"{_HERE}/test/", settings_views.test, name="sso-test"),
    re_path(
        rf"^{_HERE}/(?P<act>on|off|enforce|relax|remove)/$",
        settings_views.switch,
        name="sso-switch",
    ),
]
