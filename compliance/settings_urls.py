"""The pages of Settings that show the record."""

from django.urls import path

from compliance.ledger import views

urlpatterns = [
    path("access/", views.access, name="access"),
    path("access/file/", views.access_file, name="access-file"),
]
