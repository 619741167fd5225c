"""Where a person who is nobody's customer asks about their data."""

from django.urls import path

from compliance.asking import status_views, views

urlpatterns = [
    path("", views.ask, name="forget-me"),
    path("sent/", views.sent, name="forget-me-sent"),
    path("code/", views.code, name="forget-me-code"),
    path("link/<str:token>/", views.link, name="forget-me-link"),
    path("confirm/", views.confirm, name="forget-me-confirm"),
    path("done/", views.done, name="forget-me-done"),
    path("status/<str:token>/", status_views.status_link, name="forget-me-status-link"),
    path("status/", status_views.status, name="forget-me-status"),
    path("package/<str:token>/", status_views.package, name="forget-me-package"),
]
