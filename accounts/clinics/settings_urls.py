"""The clinic itself, under `/app/settings/`."""

from django.urls import path

from accounts.clinics import views

urlpatterns = [
    path("clinic/", views.clinic, name="clinic"),
    path("clinic/end-agency/", views.end_agency, name="clinic-end-agency"),
    path("plan/", views.plan, name="plan"),
]
