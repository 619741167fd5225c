"""Addresses under `/api/v1/` that are about people and access."""

from django.urls import path

from accounts.machines import api, people_api, token_api

urlpatterns = [
    path("token/", token_api.TokenView.as_view(), name="api-token"),
    path("token/refresh/", token_api.RefreshView.as_view(), name="api-token-refresh"),
    path("token/revoke/", token_api.RevokeView.as_view(), name="api-token-revoke"),
    path("tokens/", token_api.FamilyListView.as_view(), name="api-tokens"),
    path(
        "tokens/<uuid:family_id>/",
        token_api.FamilyView.as_view(),
        name="api-tokens-end",
    ),
    path("keys/", api.KeyListView.as_view(), name="api-keys"),
    path("keys/<uuid:key_id>/", api.KeyView.as_view(), name="api-key"),
    path("members/", people_api.MemberListView.as_view(), name="api-members"),
    path(
        "members/<uuid:membership_id>/",
        people_api.MemberView.as_view(),
        name="api-member",
    ),
    path("roles/", people_api.RoleListView.as_view(), name="api-roles"),
]
