"""Deleting, and the bin."""

from django.urls import path

from telephony.bin import views

urlpatterns = [
    path("calls/<uuid:call_id>/delete/", views.call_delete, name="call-delete"),
    path(
        "messages/<uuid:message_id>/delete/",
        views.message_delete,
        name="message-delete",
    ),
    path(
        "diary/<uuid:appointment_id>/delete/",
        views.appointment_delete,
        name="appointment-delete",
    ),
    path("settings/bin/", views.bin_page, name="bin"),
    path(
        "settings/bin/<str:kind>/<uuid:binned_id>/restore/",
        views.restore,
        name="bin-restore",
    ),
    path(
        "settings/bin/<str:kind>/<uuid:binned_id>/erase/", views.erase, name="bin-erase"
    ),
]
