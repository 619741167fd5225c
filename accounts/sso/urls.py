"""The roads in by somebody else's word, under `/sso/`."""

from django.urls import path

from accounts.sso import saml_views, views

urlpatterns = [
    path("", views.sign_in, name="sso-sign-in"),
    path("begin/<slug:road>/", views.begin, name="sso-begin"),
    path("callback/", views.callback, name="sso-callback"),
    path("saml/finish/", saml_views.finish, name="sso-saml-finish"),
    path("saml/<uuid:connection_id>/acs/", saml_views.acs, name="sso-saml-acs"),
    path(
        "saml/<uuid:connection_id>/metadata/",
        saml_views.describe,
        name="sso-saml-metadata",
    ),
]
