"""The roles of the clinic, under `/app/settings/roles/`."""

from django.urls import path

from accounts.roles import views

urlpatterns = [
    path("", views.roles, name="roles"),
    path("new/", views.new_role, name="role-new"),
    path("<uuid:role_id>/", views.edit_role, name="role"),
    path("<uuid:role_id>/retire/", views.remove_role, name="role-retire"),
    path("matrix/", views.matrix, name="roles-matrix"),
    path("matrix.csv", views.matrix_csv, name="roles-matrix-csv"),
    path("matrix.json", views.matrix_json, name="roles-matrix-json"),
]
