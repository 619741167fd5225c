"""By which accounts elsewhere a person comes in."""

from django.urls import path

from accounts.sso import connection_views

urlpatterns = [
    path("", connection_views.list_own, name="sso-connections"),
    path("<slug:road>/connect/", connection_views.connect, name="sso-connect"),
    path(
        "<uuid:identity_id>/remove/",
        connection_views.remove,
        name="sso-connection-remove",
    ),
]
