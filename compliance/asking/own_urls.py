"""Where a person with an account sees to their own data."""

from django.urls import path

from compliance.asking import own_views as views

urlpatterns = [
    path("", views.privacy, name="privacy"),
    path("copy/", views.download, name="privacy-download"),
    path("ask/", views.ask, name="privacy-ask"),
    path("erase/", views.erase, name="privacy-erase"),
]
