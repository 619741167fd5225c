"""Counts of calls."""

from django.urls import path

from telephony.statistics import views

urlpatterns = [path("", views.statistics, name="statistics")]
