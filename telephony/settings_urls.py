"""The pages of Settings that know numbers and receptionists."""

from django.urls import path

from telephony import caller_look_views, limit_views, place_views

urlpatterns = [
    path("access/caller/", caller_look_views.caller_find, name="caller-find"),
    path(
        "access/call/<uuid:call_id>/",
        caller_look_views.caller_looks,
        name="caller-looks",
    ),
    path("places/", place_views.places, name="places"),
    path("places/add/", place_views.place_add, name="place-add"),
    path(
        "places/<uuid:location_id>/rename/",
        place_views.place_rename,
        name="place-rename",
    ),
    path("numbers/<uuid:number_id>/move/", place_views.number_move, name="number-move"),
    path(
        "people/<uuid:membership_id>/limits/",
        limit_views.member_limits,
        name="member-limits",
    ),
]
