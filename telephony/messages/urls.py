"""What callers left."""

from django.urls import path

from telephony.messages import views

app_name = "phone_messages"
urlpatterns = [
    path("", views.message_list, name="message-list"),
    path("<uuid:message_id>/handle/", views.handle, name="message-handle"),
    path("<uuid:message_id>/reopen/", views.reopen, name="message-reopen"),
]
