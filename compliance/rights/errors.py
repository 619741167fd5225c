"""What can go wrong with a person's request, in our words."""

from sondervoice.kernel.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RefusedError,
)


class RequestNotFoundError(NotFoundError):
    """No request of the clinic has this id."""

    code = "rights_request_not_found"
    message = "There is no such request."


class MarkNotFoundError(NotFoundError):
    """No standing mark of the clinic has this id."""

    code = "caller_mark_not_found"
    message = "There is no such mark."


class RequestSettledError(ConflictError):
    """It was decided before, or has gone on."""

    code = "rights_request_settled"
    message = "Somebody has decided this already. Nothing was changed."


class RequestRefusedError(RefusedError):
    """What is wanted of a request lacks something the law asks for."""

    code = "rights_request_refused"
    message = "Something is missing. Nothing was changed."


class NobodyKnownError(RefusedError):
    """The clinic keeps nothing under this number."""

    code = "rights_nobody_known"
    message = "Nothing is kept under this number."


class PackageGoneError(NotFoundError):
    """There is no package, or no longer."""

    code = "rights_package_gone"
    message = "There is no package to fetch."


class RestrictedError(ConflictError):
    """The caller asked that this is kept and not used."""

    code = "caller_restricted"
    message = (
        "This caller asked that their data is kept but not used. It cannot be shown "
        "or played until that is lifted."
    )


class ExportRefusedError(ForbiddenError):
    """The link is not whole, not this person's, or older than a quarter of an hour."""

    code = "export_refused"
    message = "This link is over, or somebody else's. Ask for a new one."


class SoundStaysError(ForbiddenError):
    """The clinic is in HIPAA mode: recordings are played and not taken along."""

    code = "sound_stays"
    message = (
        "Your clinic is in HIPAA mode: recordings are played here and not downloaded. "
        "Ask for a link without sound."
    )
