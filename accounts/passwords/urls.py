"""The pages about passwords, under `/accounts/password/`."""

from django.urls import path

from accounts.passwords import reset_views, views

urlpatterns = [
    path("", views.change, name="password-change"),
    path("changed/", views.changed, name="password-changed"),
    path("reset/", reset_views.ask, name="password-reset"),
    path("reset/sent/", reset_views.sent, name="password-reset-sent"),
    path("reset/set/", reset_views.set_anew, name="password-reset-set"),
    path("reset/done/", reset_views.done, name="password-reset-done"),
    path(
        "reset/<uuid:user_id>/<str:token>/",
        reset_views.link,
        name="password-reset-link",
    ),
]
