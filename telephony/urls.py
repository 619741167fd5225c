"""Today and Calls."""

from django.urls import path

from telephony import views

app_name = "telephony"
urlpatterns = [
    path("", views.today, name="today"),
    path("calls/", views.call_list, name="call-list"),
]
