"""Where operators act, under `/admin/`; each behind the gate."""

from django.urls import path

from accounts.operators import acts as one
from accounts.operators import acts_of_two as two
from accounts.operators import agency_acts, leaving_acts, owner_acts, session_acts
from accounts.operators.site import operators_alone as alone

_CLINIC = "clinics/<uuid:organization_id>"
_SESSION = f"{_CLINIC}/sessions/<uuid:session_id>"
_GRANT = "grants/<uuid:grant_id>"
_AGENCY = "agencies/<uuid:agency_id>"
_ACT = "acts/<uuid:act_id>"
_PERSON = "people/<uuid:user_id>"
_LEAVING = "leavings/<uuid:leaving_id>"

acts = [
    path("people/find/", alone(one.find_person), name="person-find"),
    path(f"{_PERSON}/close/", alone(two.person_close), name="person-close"),
    path(f"{_PERSON}/open/", alone(one.person_open), name="person-open"),
    path(f"{_PERSON}/grant/", alone(one.grant_ask), name="grant-ask"),
    path(f"{_PERSON}/leave/", alone(leaving_acts.leaving_begin), name="leaving-begin"),
    path(f"{_GRANT}/approve/", alone(one.grant_approve), name="grant-approve"),
    path(f"{_GRANT}/end/", alone(one.grant_end), name="grant-end"),
    path(f"{_ACT}/approve/", alone(two.act_approve), name="act-approve"),
    path(f"{_ACT}/end/", alone(two.act_end), name="act-end"),
    path("agencies/", alone(agency_acts.agency_make), name="agency-make"),
    path(
        f"{_AGENCY}/administrators/",
        alone(agency_acts.agency_join),
        name="agency-join",
    ),
    path(
        f"{_AGENCY}/administrators/<uuid:user_id>/remove/",
        alone(agency_acts.agency_leave),
        name="agency-leave",
    ),
    path(f"{_CLINIC}/plan/", alone(two.plan_set), name="plan-set"),
    path(f"{_CLINIC}/owner/", alone(owner_acts.owner_appoint), name="owner-appoint"),
    path(f"{_CLINIC}/sessions/", alone(session_acts.session_ask), name="session-ask"),
    path(
        f"{_SESSION}/approve/",
        alone(session_acts.session_approve),
        name="session-approve",
    ),
    path(f"{_SESSION}/start/", alone(session_acts.session_start), name="session-start"),
    path(f"{_SESSION}/enter/", alone(session_acts.session_enter), name="session-enter"),
    path(f"{_SESSION}/end/", alone(session_acts.session_end), name="session-end"),
    path(
        f"{_LEAVING}/steps/<uuid:step_id>/",
        alone(leaving_acts.step_settle),
        name="step-settle",
    ),
    path(
        f"{_LEAVING}/steps/<uuid:step_id>/confirm/",
        alone(leaving_acts.step_confirm),
        name="step-confirm",
    ),
    path(f"{_LEAVING}/close/", alone(leaving_acts.leaving_close), name="leaving-close"),
]
