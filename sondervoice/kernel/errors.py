"""What can go wrong, in five kinds; the edge turns each into an answer.

The message is for the person who asked. It never carries a personal value.
"""

from typing import ClassVar
from uuid import UUID


class SonderError(Exception):
    """Something the caller of a service should know.

    Attributes:
        code: Stable word for programs.
        status: HTTP status at the edge.
        retry_after_s: When it is worth to ask again, null when nobody knows.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    message: ClassVar[str] = "Something went wrong on our side. Nothing was changed."
    retry_after_s: float | None = None

    def __str__(self) -> str:
        """Return the sentence for the reader."""
        return str(self.args[0]) if self.args else self.message


class NotFoundError(SonderError):
    """There is no such thing, or it is not yours; both look the same.

    Attributes:
        sought_by: Names of an address's parameters that it can be about; None for any.
            What a form names, or what a thing of the clinic's lacks, is no such.
        kind: Of the thing that was named in what was sent, as ``call``; else empty.
        thing_id: Its id; null when the address names what is not there, or nothing.
    """

    sought_by: ClassVar[tuple[str, ...] | None] = None
    code = "not_found"
    status = 404
    message = "There is nothing here, or it belongs to somebody else."

    def __init__(
        self, *words: object, kind: str = "", thing_id: UUID | None = None
    ) -> None:
        """Keep what is said, and what a form or body named."""
        super().__init__(*words)
        self.kind = kind
        self.thing_id = thing_id


class ForbiddenError(SonderError):
    """It is yours to see, but not yours to do."""

    code = "forbidden"
    status = 403
    message = "Your role does not allow this. An owner of the clinic can change that."


class ConflictError(SonderError):
    """The state of things forbids it."""

    code = "conflict"
    status = 409
    message = "This was changed meanwhile. Look again and decide anew."


class RefusedError(SonderError):
    """The rules forbid it."""

    code = "refused"
    status = 422
    message = "The clinic's rules do not allow this."


class VendorError(SonderError):
    """A vendor did not do its part.

    Attributes:
        vendor: Our name of the vendor.
        category: Our word for what happened.
        permanent: Asking again will not help.
        retry_after_s: How long the vendor wants to be left alone, null when not said.
    """

    code = "vendor"
    status = 502
    message = "A service we depend on did not answer. We will try again."

    def __init__(
        self,
        vendor: str,
        *,
        category: str,
        permanent: bool,
        retry_after_s: float | None = None,
    ) -> None:
        """Name the vendor, what happened, and whether and when to ask again."""
        super().__init__()
        self.vendor = vendor
        self.category = category
        self.permanent = permanent
        self.retry_after_s = retry_after_s
