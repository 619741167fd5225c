"""Today and Calls."""

from django.urls import path

from telephony import emergency_views, reveal_views, views

app_name = "telephony"
urlpatterns = [
    path("", views.today, name="today"),
    path("calls/", views.call_list, name="call-list"),
    path("calls/<uuid:call_id>/reveal/", reveal_views.reveal, name="caller-reveal"),
    path(
        "calls/<uuid:call_id>/attend/", emergency_views.attend, name="emergency-attend"
    ),
    path(
        "calls/<uuid:call_id>/wait-again/",
        emergency_views.wait_again,
        name="emergency-wait-again",
    ),
]
