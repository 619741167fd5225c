"""The page Roles: ours, the clinic's own, and the matrix."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PageRequest, page
from accounts.models import CustomRole
from accounts.permissions import ADMINISTRATIVE, MEANINGS, ROLE_GRANTS, Permission
from accounts.roles.errors import RoleNameTakenError
from accounts.roles.forms import CustomRoleForm
from accounts.roles.matrix import Matrix, as_csv, as_json, grants_of, make_matrix
from accounts.roles.refusals import refusals_noted
from accounts.roles.selectors.custom_roles import get_custom_role, list_custom_roles
from accounts.roles.selectors.endpoints import list_endpoints
from accounts.roles.services.compose_role import change_role, make_role, retire_role
from accounts.settings_pages import draw_settings
from sondervoice.kernel.clock import utc_now


@page(Permission.ROLES_VIEW)
@require_GET
def roles(request: PageRequest) -> HttpResponse:
    """Show the roles and what each may do, in sentences."""
    context = {
        "own": list_custom_roles(actor=request.actor),
        "ours": [
            (
                role.value.replace("_", " "),
                [MEANINGS[p] for p in Permission if p in held],
            )
            for role, held in ROLE_GRANTS.items()
        ],
        "may_manage": request.actor.may(Permission.ROLES_MANAGE),
    }
    return draw_settings(request, "roles/roles.html", context, here="roles")


@page(Permission.ROLES_MANAGE)
@require_http_methods(["GET", "POST"])
def new_role(request: PageRequest) -> HttpResponse:
    """Ask for a role of the clinic's own, then make it."""
    form = CustomRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(request, form, None):
        messages.success(request, "Role made. Give it to people on the page People.")
        return redirect("roles")
    return _draw(request, form, None)


@page(Permission.ROLES_MANAGE)
@require_http_methods(["GET", "POST"])
def edit_role(request: PageRequest, role_id: UUID) -> HttpResponse:
    """Show a role of the clinic's own, and change it."""
    role = get_custom_role(actor=request.actor, role_id=role_id)
    was = {"name": role.name, "permissions": role.permissions}
    form = CustomRoleForm(request.POST or None, initial=was)
    if request.method == "POST" and form.is_valid() and _saved(request, form, role):
        words = "Role changed. Who may do more or less by it signs in again."
        messages.success(request, words)
        return redirect("roles")
    return _draw(request, form, role)


@page(Permission.ROLES_MANAGE)
@require_http_methods(["GET", "POST"])
def remove_role(request: PageRequest, role_id: UUID) -> HttpResponse:
    """Ask whether to retire a role; retire it when the form is sent."""
    role = get_custom_role(actor=request.actor, role_id=role_id)
    if request.method == "POST":
        with refusals_noted(
            request.actor, subject_kind="custom_role", subject_id=role_id
        ):
            retire_role(actor=request.actor, role_id=role_id)
        messages.success(request, "Role retired.")
        return redirect("roles")
    return draw_settings(request, "roles/retire.html", {"role": role}, here="roles")


@page(Permission.ROLES_VIEW)
@require_GET
def matrix(request: PageRequest) -> HttpResponse:
    """Show which role may do and open what."""
    context = {"matrix": _matrix(request)}
    return draw_settings(request, "roles/matrix.html", context, here="roles")


@page(Permission.ROLES_VIEW)
@require_GET
def matrix_csv(request: PageRequest) -> HttpResponse:
    """Give the matrix as a file for a spreadsheet."""
    return HttpResponse(
        as_csv(_matrix(request)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="roles.csv"'},
    )


@page(Permission.ROLES_VIEW)
@require_GET
def matrix_json(request: PageRequest) -> HttpResponse:
    """Give the matrix as a file for programs."""
    return JsonResponse(
        as_json(_matrix(request)),
        headers={"Content-Disposition": 'attachment; filename="roles.json"'},
    )


def _matrix(request: PageRequest) -> Matrix:
    custom_roles = list_custom_roles(actor=request.actor)
    return make_matrix(grants_of(custom_roles), list_endpoints())


def _saved(request: PageRequest, form: CustomRoleForm, role: CustomRole | None) -> bool:
    """Make or change the role; return False, with words, if the name is taken."""
    name, permissions = form.cleaned_data["name"], form.cleaned_data["permissions"]
    role_id = role.pk if role else None
    actor = request.actor
    try:
        with refusals_noted(actor, subject_kind="custom_role", subject_id=role_id):
            if role is None:
                make_role(
                    actor=actor, name=name, permissions=permissions, now=utc_now()
                )
            else:
                change_role(
                    actor=actor,
                    role_id=role.pk,
                    name=name,
                    permissions=permissions,
                    now=utc_now(),
                )
    except RoleNameTakenError as error:
        form.add_error("name", str(error))
        return False
    return True


def _draw(
    request: PageRequest, form: CustomRoleForm, role: CustomRole | None
) -> HttpResponse:
    chosen = form["permissions"].value() or []
    held = request.actor.permissions
    boxes = [
        (one, MEANINGS[one], one.value in chosen, one in held) for one in Permission
    ]
    context = {
        "form": form,
        "role": role,
        "everyday": [box for box in boxes if box[0] not in ADMINISTRATIVE],
        "administrative": [box for box in boxes if box[0] in ADMINISTRATIVE],
        "is_out_of_reach": role is not None and not set(role.permissions) <= held,
    }
    status = 422 if request.method == "POST" else 200
    return draw_settings(
        request, "roles/role.html", context, here="roles", status=status
    )
