"""What the public door asks of a clinic's requests; see `kernel.rights`."""

from collections.abc import Iterator
from uuid import UUID

from accounts.actors import Actor
from accounts.models import Organization
from accounts.permissions import Permission
from accounts.second_factor.freshness import require_fresh_factor
from compliance.certificates.person_files import files_for_person, has_certificate
from compliance.rights import record
from compliance.rights.errors import PackageGoneError
from compliance.rights.models import RightsRequest
from compliance.rights.package.contents import gather
from compliance.rights.package.write import write_package
from compliance.rights.package.zip_stream import Written, ZipEntry, stream_zip
from compliance.rights.saga import Checkpoint
from compliance.rights.sealed import open_column
from compliance.rights.selectors.requests import get_request
from compliance.rights.services.conclude import PACKED_KINDS
from compliance.rights.settling import has_open_leg, runs_of
from compliance.rights.words import GROUNDS, HELD_FOR_NOW
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.rights import Answer, RightsKind


def read_answer(*, organization_id: UUID, request_id: UUID) -> Answer | None:
    """Return how far the clinic is, in its open scope; None if the request is gone."""
    request = RightsRequest.objects.filter(pk=request_id).first()
    if request is None:
        return None
    return Answer(
        kind=RightsKind(request.kind),
        status="refused"
        if request.checkpoint == Checkpoint.REFUSED
        else ("done" if request.concluded_at else "open"),
        concluded_at=request.concluded_at,
        due_on=request.due_on,
        clinic_name=Organization.objects.get(pk=organization_id).name,
        reason_words=_reason(request),
        package_ready=_has_package(request) or _is_certified(request),
        has_copy_elsewhere=request.concluded_at is not None and has_open_leg(request),
    )


def open_package(*, organization_id: UUID, request_id: UUID) -> Iterator[bytes]:
    """Yield the package for the person who was proven, outside any scope.

    Of an erasure it is the certificates of it.

    Raises:
        PackageGoneError: If there is none, or no longer.
    """
    with tenancy.scope(organization_id):
        request = RightsRequest.objects.filter(pk=request_id).first()
    return _open(request, None)


def open_package_for_staff(*, actor: Actor, request_id: UUID) -> Iterator[bytes]:
    """Yield the package for whoever hands it to the person.

    Raises:
        PackageGoneError: If there is none, or no longer.
        PermissionMissingError: If the actor may not.
        RequestNotFoundError: If there is no such request.
        SecondFactorStaleError: If it was not shown in the last five minutes.
    """
    request = get_request(actor=actor, request_id=request_id)
    actor.require(Permission.RIGHTS_MANAGE)
    require_fresh_factor(actor, now=utc_now())
    return _open(request, actor)


def _open(request: RightsRequest | None, actor: Actor | None) -> Iterator[bytes]:
    if request is None or not (_has_package(request) or _is_certified(request)):
        raise PackageGoneError
    if request.kind == RightsKind.ERASE:
        return _certificates(request, actor)
    contents = gather(request, now=utc_now(), by=actor)
    with tenancy.scope(request.organization_id):
        record.package_exported(request, actor, count=contents.count)
    return write_package(contents)


def _certificates(request: RightsRequest, actor: Actor | None) -> Iterator[bytes]:
    """Yield what proves an erasure; no one's name stands in it."""
    with tenancy.scope(request.organization_id):
        files = files_for_person(runs_of(request))
        record.package_exported(request, actor, count=len(files))
    entries = (ZipEntry(name=name, pieces=[content]) for name, content in files)
    return stream_zip(entries, Written())


def _is_certified(request: RightsRequest) -> bool:
    """Return whether an erasure that is done has its certificate."""
    if request.kind != RightsKind.ERASE or request.concluded_at is None:
        return False
    with tenancy.scope(request.organization_id):
        return has_certificate(runs_of(request))


def _has_package(request: RightsRequest) -> bool:
    return (
        request.kind in PACKED_KINDS
        and request.checkpoint == Checkpoint.ANSWERED
        and request.forgotten_at is None
        and request.package_until is not None
        and utc_now() < request.package_until
    )


def _reason(request: RightsRequest) -> str:
    if request.checkpoint == Checkpoint.REFUSED:
        words = open_column(request, "refusal_sealed")
        return f"{GROUNDS[request.refusal_ground]}. {words}".rstrip()
    if request.concluded_at is not None:
        return ""
    if request.checkpoint == Checkpoint.HELD:
        return HELD_FOR_NOW
    return open_column(request, "extension_sealed")
