"""Addresses under `/api/v1/` that are about people and access."""

from django.urls import path

from accounts.machines import (
    api,
    invitations_api,
    people_api,
    roles_api,
    sessions_api,
    token_api,
)

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
    path(
        "invitations/",
        invitations_api.InvitationListView.as_view(),
        name="api-invitations",
    ),
    path(
        "invitations/<uuid:invitation_id>/",
        invitations_api.InvitationView.as_view(),
        name="api-invitation",
    ),
    path("roles/", roles_api.RoleListView.as_view(), name="api-roles"),
    path("roles/<uuid:role_id>/", roles_api.RoleView.as_view(), name="api-role"),
    path("sessions/", sessions_api.SessionListView.as_view(), name="api-sessions"),
]
