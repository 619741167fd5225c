"""The people of the clinic, under `/app/settings/people/`."""

from django.urls import path

from accounts.joining import member_views, people_views

urlpatterns = [
    path("", people_views.people, name="people"),
    path("invite/", people_views.invite, name="invite"),
    path("leave/", member_views.leave, name="leave"),
    path(
        "invitations/<uuid:invitation_id>/resend/",
        people_views.resend,
        name="invitation-resend",
    ),
    path(
        "invitations/<uuid:invitation_id>/withdraw/",
        people_views.withdraw,
        name="invitation-withdraw",
    ),
    path(
        "invitations/<uuid:invitation_id>/calls/",
        people_views.calls,
        name="invitation-calls",
    ),
    path("<uuid:membership_id>/", member_views.member, name="member"),
    path("<uuid:membership_id>/role/", member_views.give_role, name="member-role"),
    path("<uuid:membership_id>/let-go/", member_views.dismiss, name="member-let-go"),
    path(
        "<uuid:membership_id>/take-back/", member_views.restore, name="member-take-back"
    ),
]
