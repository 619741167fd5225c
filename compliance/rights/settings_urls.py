"""The pages of Settings about what people ask."""

from django.urls import path

from compliance.rights import views

urlpatterns = [
    path("", views.request_list, name="rights-requests"),
    path("new/", views.request_enter, name="rights-request-enter"),
    path("marks/<uuid:mark_id>/lift/", views.mark_lift, name="caller-mark-lift"),
    path("<uuid:request_id>/", views.request_detail, name="rights-request"),
    path(
        "<uuid:request_id>/approve/",
        views.request_approve,
        name="rights-request-approve",
    ),
    path(
        "<uuid:request_id>/refuse/", views.request_refuse, name="rights-request-refuse"
    ),
    path(
        "<uuid:request_id>/extend/", views.request_extend, name="rights-request-extend"
    ),
    path(
        "<uuid:request_id>/cancel/", views.request_cancel, name="rights-request-cancel"
    ),
    path(
        "<uuid:request_id>/correct/",
        views.request_correct,
        name="rights-request-correct",
    ),
    path(
        "<uuid:request_id>/package/",
        views.request_package,
        name="rights-request-package",
    ),
]
