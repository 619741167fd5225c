"""One call and its sound."""

from django.urls import path

from recordings import views

app_name = "recordings"
urlpatterns = [
    path("calls/<uuid:call_id>/", views.call_detail, name="call-detail"),
    path("calls/<uuid:call_id>/play/", views.play, name="call-play"),
    path("calls/<uuid:call_id>/audio/", views.audio, name="call-audio"),
]
