"""The API's addresses alone, where the product has them."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("sondervoice.api_urls")),
    path("accounts/", include("accounts.demo_urls")),
]
