"""What can go wrong with signing in through somebody else, in our words."""

from typing import ClassVar

from sondervoice.kernel.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RefusedError,
)


class SsoRefusedError(ForbiddenError):
    """A directory's answer was not believed, or its person may not come in.

    Attributes:
        about: Which part of the answer it was, a word of ours for the record.
    """

    code = "sso_refused"
    message = (
        "The answer was not accepted, and nothing was changed. Start again. If it "
        "happens twice, tell an owner of your clinic."
    )

    def __init__(self, about: str, message: str = "") -> None:
        """Name the part of the answer; a message of its own if the person can help."""
        super().__init__(*([message] if message else []))
        self.about = about


class SsoNotInPlanError(ForbiddenError):
    """The clinic's plan has no single sign-on."""

    code = "sso_not_in_plan"
    message = "Your clinic's plan does not have single sign-on. Enterprise has it."


class SsoOwnersOnlyError(ForbiddenError):
    """Somebody comes in by the directory who holds more than the actor could give."""

    code = "sso_owners_only"
    message = (
        "Somebody comes in by this directory who may do more than you could give. An "
        "owner of the clinic can change how it proves itself. Nothing was changed."
    )


class SsoElsewhereError(ForbiddenError):
    """The session does not count in a clinic that this would change."""

    code = "sso_elsewhere"
    message = (
        "This would change something in a clinic where the way you signed in does not "
        "count. Sign in as that clinic wants, or leave it first. Nothing was changed."
    )


class SsoConnectionNotFoundError(NotFoundError):
    """No such connection, or it is switched off; both look the same."""

    code = "sso_connection_not_found"


class SsoLineNotFoundError(NotFoundError):
    """The directory has no such line of group and role."""

    code = "sso_line_not_found"


class SsoLineChangedError(ConflictError):
    """The lines were written anew since the page was drawn."""

    code = "sso_line_changed"
    message = (
        "The lines of groups were changed meanwhile. Open the page again. Nothing was "
        "changed."
    )


class SsoDomainNotFoundError(NotFoundError):
    """No such domain in this clinic."""

    code = "sso_domain_not_found"


class SsoNotReadyError(ConflictError):
    """A step before this one is missing."""

    code = "sso_not_ready"
    message: ClassVar[str] = (
        "A step before this one is still open. Nothing was changed."
    )


class SsoDomainRefusedError(RefusedError):
    """The domain cannot be a clinic's own."""

    code = "sso_domain_refused"


class SsoDomainTakenError(ConflictError):
    """Another clinic has proved the same domain."""

    code = "sso_domain_taken"
    message = "Another clinic has proved this domain. Ask us if it is yours."


class SsoIdentityNotFoundError(NotFoundError):
    """No such connected account of this person."""

    code = "sso_identity_not_found"
