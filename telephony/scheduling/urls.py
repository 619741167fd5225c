"""The diary."""

from django.urls import path

from telephony.scheduling import views

app_name = "scheduling"
urlpatterns = [path("", views.day, name="day")]
