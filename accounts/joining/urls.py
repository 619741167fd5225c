"""Coming in, under `/accounts/`."""

from django.urls import path

from accounts.joining import invitation_views, sign_up_views

urlpatterns = [
    path("sign-up/", sign_up_views.sign_up, name="sign-up"),
    path("sign-up/sent/", sign_up_views.sign_up_sent, name="sign-up-sent"),
    path("sign-up/done/", sign_up_views.sign_up_done, name="sign-up-done"),
    path("sign-up/<str:token>/", sign_up_views.sign_up_link, name="sign-up-link"),
    path("invitations/done/", invitation_views.invitation_done, name="invitation-done"),
    path(
        "invitations/<str:token>/",
        invitation_views.invitation_link,
        name="invitation-link",
    ),
]
