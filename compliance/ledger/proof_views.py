"""Settings: what shows that nobody changed the record, to look at and to take along."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.http import (
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from compliance.ledger import offline
from compliance.ledger.errors import (
    CheckpointUnknownError,
    LineNotSealedError,
    RecordNotSealedError,
    WholeRecordOnlyError,
)
from compliance.ledger.looks import note_exported
from compliance.ledger.notes import Checkpoint, text_of
from compliance.ledger.proofs import (
    SealedRecord,
    find_sealed,
    prove_growth,
    prove_line,
    record_lines,
)
from compliance.ledger.selectors import list_record
from compliance.ledger.signer import keys_of, verifier_of
from compliance.ledger.verified import find_verified
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.streams import for_server

_CHECKER: Final = Path(offline.__file__).with_name("check_record.py")
_EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
# A checkpoint has some 400 characters.
_LONGEST_NOTE: Final = 10_000


@page(Permission.ACCESS_VIEW)
@require_http_methods(["GET", "POST"])
def proof(request: PageRequest) -> HttpResponse:
    """Show how far it is sealed and what was found; compare an older checkpoint."""
    organization_id = request.actor.organization_id
    sealed = find_sealed(organization_id)
    notes = [sealed.note] if sealed else []
    context: dict[str, Any] = {
        "sealed": sealed,
        "verified": find_verified(organization_id, now=utc_now()),
        "key": keys_of(notes),
        "sees_all": request.actor.limits is None,
    }
    status = 200
    if request.method == "POST":
        context["kept"] = kept = _kept(request)
        try:
            prove_growth(organization_id, kept, verifier_of(kept))
            context["key"] = keys_of([*notes, kept])
            context["then"] = Checkpoint.from_text(text_of(kept))
        except CheckpointUnknownError as error:
            context["problem"], status = str(error), 422
    return draw_settings(
        request, "compliance/proof.html", context, here="access", status=status
    )


@page(Permission.ACCESS_VIEW)
@require_http_methods(["POST"])
def growth_file(request: PageRequest) -> HttpResponse:
    """Send the proof that the record of an older checkpoint begins that of now.

    Raises:
        CheckpointUnknownError: If it is no checkpoint of this record.
    """
    organization_id = request.actor.organization_id
    kept = _kept(request)
    proved = prove_growth(organization_id, kept, verifier_of(kept))
    return _json(proved, "growth.json")


@page(Permission.ACCESS_VIEW)
@require_GET
def checkpoint_file(request: PageRequest) -> HttpResponse:
    """Send the newest signed checkpoint.

    Raises:
        RecordNotSealedError: If there is none yet.
    """
    sealed = _sealed(request)
    return _file(sealed.note, f"checkpoint-{sealed.head.size}.txt", "text/plain")


@page(Permission.ACCESS_VIEW)
@require_GET
def line_file(request: PageRequest, row_id: UUID) -> HttpResponse:
    """Send a line of the record with the proof that it was sealed as it stands.

    Raises:
        LineNotSealedError: If it is too new, or not one that the reader may see.
    """
    if not list_record(actor=request.actor, since=_EVER).filter(pk=row_id).exists():
        raise LineNotSealedError
    proved = prove_line(request.actor.organization_id, row_id)
    return _json(proved, f"line-{proved['position'] + 1}.json")


@page(Permission.ACCESS_VIEW)
@require_GET
def record_file(request: PageRequest) -> HttpResponseBase:
    """Send every sealed line as it was hashed, and the checkpoint that signs them.

    Raises:
        RecordNotSealedError: If there is none yet.
        WholeRecordOnlyError: If the reader sees the calls of some places only.
    """
    if request.actor.limits is not None:
        raise WholeRecordOnlyError
    sealed = _sealed(request)
    note_exported(actor=request.actor, count=sealed.head.size)
    lines = record_lines(request.actor.organization_id, sealed)
    return StreamingHttpResponse(
        for_server(request, (line.encode() for line in lines)),
        content_type="application/jsonl",
        headers=_named(f"record-{sealed.head.size}.jsonl"),
    )


@page(Permission.ACCESS_VIEW)
@require_GET
def checker_file(request: PageRequest) -> HttpResponse:
    """Send the program that checks all of this without us."""
    return _file(_CHECKER.read_text("utf-8"), _CHECKER.name, "text/x-python")


def _sealed(request: PageRequest) -> SealedRecord:
    sealed = find_sealed(request.actor.organization_id)
    if sealed is None:
        raise RecordNotSealedError
    return sealed


def _kept(request: PageRequest) -> str:
    """Return the checkpoint that was given, as a file or as text."""
    given = request.FILES.get("file")
    if given is not None:
        raw = given.read(_LONGEST_NOTE)
        return str(raw.decode("utf-8", "replace")).replace("\r\n", "\n")
    text = request.POST.get("checkpoint", "")[:_LONGEST_NOTE].replace("\r\n", "\n")
    # A field of a page loses the last line's end.
    return text.strip() + "\n"


def _json(said: dict[str, Any], name: str) -> HttpResponse:
    return JsonResponse(
        said, headers=_named(name), json_dumps_params={"ensure_ascii": False}
    )


def _file(text: str, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        text, content_type=f"{kind}; charset=utf-8", headers=_named(name)
    )


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
