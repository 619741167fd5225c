"""All addresses over HTTP."""

from django.urls import path

urlpatterns = []
