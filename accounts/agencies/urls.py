"""Agencies, under `/accounts/agency/`."""

from django.urls import path

from accounts.agencies import views

urlpatterns = [
    path("", views.agency, name="agency"),
    path("<uuid:agency_id>/new-clinic/", views.new_clinic, name="agency-new-clinic"),
]
