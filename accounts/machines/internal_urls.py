"""Addresses under `/internal/`."""

from django.urls import path

from accounts.machines.internal_api import GatewayCheckView, GatewayTokensView

urlpatterns = [
    path(
        "gateway/tokens/", GatewayTokensView.as_view(), name="internal-gateway-tokens"
    ),
    path("gateway/check/", GatewayCheckView.as_view(), name="internal-gateway-check"),
]
