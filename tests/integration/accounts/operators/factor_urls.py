"""The product's addresses, and two that the pages of second factors have."""

from django.http import HttpResponse
from django.urls import path

from sondervoice.urls import urlpatterns as product

urlpatterns = [
    *product,
    path("accounts/factor/set-up/", HttpResponse, name="second-factor-set-up"),
    path("accounts/factor/verify/", HttpResponse, name="second-factor-verify"),
]
